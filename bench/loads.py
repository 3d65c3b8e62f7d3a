"""The loads: tables with items, and the requests that are sent to them.

Requests are bytes with placeholders such as "<random:10000:8>", which load.lua describes.
"""

import concurrent.futures
import http.client
import json
import re
from dataclasses import dataclass, field

from processes import BenchFailure

# About the headers that boto3 sends. The signature is invented: the server does not verify it.
HEADERS = {
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-amz-json-1.0",
    "User-Agent": "Boto3/1.26.27 Python/3.11.2 Linux/6.1.0-13-amd64 Botocore/1.29.27",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/"
    "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
    "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
}
PREFIX = "bench-"  # of table names, to keep them apart from other tables of the endpoint
ITEMS_A_PARTITION = 10
NOTE = {"S": "Leave it with the neighbours if nobody is in"}
BATCH_SIZE = 25


def head(operation, length, host):
    """Returns the HTTP head of a request."""
    lines = ["POST / HTTP/1.1", f"Host: {host}", f"X-Amz-Target: DynamoDB_20120810.{operation}"]
    lines += [f"{name}: {value}" for name, value in HEADERS.items()]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""])


def filled(text):
    """Returns the text of a request with zeros in all placeholders."""
    return re.sub(r"<[a-z]+:(?:\d+:)?(\d+)>", lambda place: "0" * int(place[1]), text)


@dataclass
class Request:
    """An operation and its parameters. The response must contain `answers`, which shows that the
    request does its intended work."""

    operation: str
    parameters: dict
    answers: str = "{"

    @property
    def body(self):
        return json.dumps(self.parameters, separators=(",", ":"))

    def text(self, endpoint):
        host = "%s:%d" % endpoint.address
        return head(self.operation, len(filled(self.body)), host) + self.body


class Client:
    """One connection for requests whose responses are checked."""

    def __init__(self, endpoint):
        self._connection = http.client.HTTPConnection(*endpoint.address, timeout=120)

    def call(self, operation, body):
        """Returns the status and the body of the response."""
        headers = {**HEADERS, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        self._connection.request("POST", "/", body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def must(self, operation, parameters):
        """Returns the parsed response. Raises BenchFailure on an error response."""
        status, text = self.call(operation, json.dumps(parameters))
        if status != 200:
            raise BenchFailure(f"{operation} answers {status} {text[:200]}")
        return json.loads(text)

    def close(self):
        self._connection.close()


@dataclass
class Table:
    """A table, its items and its global indexes by-g1, by-g2, …, each on one attribute."""

    name: str
    items: "Items"  # each the text of an item's JSON members
    has_sort_key: bool = True
    indexes: int = 0

    @property
    def full_name(self):
        return PREFIX + self.name

    def definition(self):
        keys = ["customer", "order"] if self.has_sort_key else ["customer"]
        indexed = [f"g{i + 1}" for i in range(self.indexes)]
        parameters = {
            "TableName": self.full_name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "S"} for name in keys + indexed
            ],
            "KeySchema": [
                {"AttributeName": name, "KeyType": kind}
                for name, kind in zip(keys, ("HASH", "RANGE"))
            ],
        }
        if indexed:
            parameters["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": f"by-{name}",
                    "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
                for name in indexed
            ]
        return parameters

    def create(self, endpoint):
        """Deletes the table if it exists, creates it and writes the items."""
        client = Client(endpoint)
        try:
            self._drop(client)
            client.must("CreateTable", self.definition())
            described = {}
            while described.get("TableStatus") != "ACTIVE":
                described = client.must("DescribeTable", {"TableName": self.full_name})["Table"]
        finally:
            client.close()
        self._fill(endpoint)

    def drop(self, endpoint):
        """Deletes the table and waits until it is gone."""
        client = Client(endpoint)
        try:
            self._drop(client)
        finally:
            client.close()

    def _drop(self, client):
        name = json.dumps({"TableName": self.full_name})
        client.call("DeleteTable", name)
        while client.call("DescribeTable", name)[0] == 200:
            pass

    def _fill(self, endpoint):
        # Two connections: the server writes one batch while the client builds another.
        half = (len(self.items) // 2 + BATCH_SIZE - 1) // BATCH_SIZE * BATCH_SIZE
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            parts = [(0, half), (half, len(self.items))]
            list(pool.map(lambda part: self._fill_part(endpoint, *part), parts))

    def _fill_part(self, endpoint, begin, end):
        client = Client(endpoint)
        try:
            for first in range(begin, end, BATCH_SIZE):
                puts = ",".join(
                    f'{{"PutRequest":{{"Item":{{{self.items[i]}}}}}}}'
                    for i in range(first, min(first + BATCH_SIZE, end))
                )
                body = f'{{"RequestItems":{{"{self.full_name}":[{puts}]}}}}'
                status, text = client.call("BatchWriteItem", body)
                if status != 200 or '"PutRequest"' in text:
                    raise BenchFailure(f"BatchWriteItem answers {status} {text[:200]}")
        finally:
            client.close()


class Items:
    """A sequence of items, each built on access."""

    def __init__(self, count, make):
        self._count = count
        self._make = make

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        return self._make(index)


def order_key(customer, order):
    return {"customer": {"S": f"customer-{customer}"}, "order": {"S": f"order-{order}"}}


def order_item(customer, order, kind="3", **more):
    """Returns an item of about 300 bytes on the wire."""
    return {
        **order_key(customer, order),
        "kind": {"N": kind},
        "total": {"N": "1249.5"},
        "paid": {"BOOL": True},
        "note": NOTE,
        "tags": {"SS": ["gift", "express"]},
        "address": {"M": {"city": {"S": "Utrecht"}, "zip": {"S": "3511"}}},
        "version": {"N": "1"},
        **more,
    }


def members(item):
    """Returns the inside of an item's JSON as a template of str.format_map."""
    text = json.dumps(item, separators=(",", ":"))[1:-1]
    text = text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"@(\w+):(\d+)@", r"{\1:0\2d}", text)


def order_items(count, padding="", index_attributes=0):
    """Returns `count` items, ten per partition, each with an attribute `padding` if it is given."""
    more = {"padding": {"S": padding}} if padding else {}
    more |= {f"g{i + 1}": {"S": "shop-@customer:8@"} for i in range(index_attributes)}
    form = members(order_item("@customer:8@", "@order:8@", "@order:1@", **more)).format_map
    return Items(
        count, lambda i: form({"customer": i // ITEMS_A_PARTITION, "order": i % ITEMS_A_PARTITION})
    )


def one_partition(count, padding):
    """Returns items of one partition, with ten values of `kind` in equal shares."""
    more = {"padding": {"S": padding}}
    form = members(order_item("00000000", "@order:8@", "@kind:1@", **more)).format_map
    return Items(count, lambda i: form({"order": i, "kind": i % 10}))


def sized_items(count, size):
    """Returns items of `size` bytes by DynamoDB's size rules, with a partition key only."""
    key_bytes = len("customer") + 12
    padding = "x" * (size - key_bytes - len("v"))
    return Items(count, lambda i: f'"customer":{{"S":"{i:012d}"}},"v":{{"S":"{padding}"}}')


@dataclass
class Load:
    """Requests that are sent to a table in round-robin order."""

    table: Table
    requests: list = field(default_factory=list)

    def prepare(self, endpoint, directory):
        """Sends each request once to check its response, and writes the files that wrk sends.
        Returns the paths of the files."""
        client = Client(endpoint)
        files = []
        try:
            for number, request in enumerate(self.requests):
                status, text = client.call(request.operation, filled(request.body))
                if status != 200 or request.answers not in text:
                    raise BenchFailure(
                        f"{request.operation} answers {status} {text[:200]}, without "
                        f"{request.answers!r}"
                    )
                file = directory / f"{number}.http"
                file.write_text(request.text(endpoint))
                files.append(file)
        finally:
            client.close()
        return files


class ScanLoad(Load):
    """A Scan of a whole table, page by page. The start keys of the pages come from a real scan, so
    that each page is one that a client would request."""

    def prepare(self, endpoint, directory):
        client = Client(endpoint)
        self.requests = []
        scanned = 0
        start = {}
        while start is not None:
            parameters = {"TableName": self.table.full_name, **start}
            self.requests.append(Request("Scan", parameters, '"Items":[{'))
            page = client.must("Scan", parameters)
            scanned += page["Count"]
            last = page.get("LastEvaluatedKey")
            start = None if last is None else {"ExclusiveStartKey": last}
        client.close()
        if scanned != len(self.table.items):
            raise BenchFailure(f"a scan finds {scanned} of {len(self.table.items)} items")
        return super().prepare(endpoint, directory)

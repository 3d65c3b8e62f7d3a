"""One client of the mixed load. Only this client writes its partitions, so it knows the expected
result of every read of them; accounts and counters are shared with the other clients.

Arguments: port, number of the client, seconds, seed. Prints its measurements as a line of JSON.
Exits with an error on the first unexpected response.
"""

import collections
import json
import random
import string
import sys
import time
import uuid

from mixed_load import ACCOUNTS, BALANCE, COUNTERS
from server import Connection, call, head

PARTITIONS = 24
NUMBERS = 60  # keys per partition
GROUPS = 8
RANKS = 12
# The steps with their relative frequencies.
STEPS = {
    "put": 14,
    "put_new": 4,
    "update": 14,
    "delete": 10,
    "get": 14,
    "batch_write": 4,
    "batch_get": 5,
    "query": 12,
    "query_local": 4,
    "query_global": 4,
    "scan": 1,
    "transfer": 6,
    "read_accounts": 3,
    "transact_own": 3,
    "add": 4,
    "statement": 4,
    "statement_batch": 2,
    "statement_transaction": 2,
    "refused": 3,
    "table": 0.3,
    "look": 0.3,
}
CANCELED = "TransactionCanceledException"


def key_of(item):
    return item["id"]["S"], int(item["number"]["N"])


class Client:
    def __init__(self, port, number, seed):
        self.port = port
        self.name = f"client{number}"
        self.random = random.Random(seed * 1000 + number)
        self.items = {}  # the items of this client's partitions: key -> item
        self.requests = collections.Counter()
        self.errors = collections.Counter()
        self.pages = 0
        self.added = 0
        self.slowest = 0.0
        self.connection = Connection(port)

    # Requests.

    def call(self, operation, parameters):
        begin = time.perf_counter()
        status, answer = call(self.connection, operation, parameters)
        self.slowest = max(self.slowest, time.perf_counter() - begin)
        self.requests[operation] += 1
        return status, answer

    def must(self, operation, parameters):
        status, answer = self.call(operation, parameters)
        self.expect(status == 200, operation, parameters, status, answer)
        return answer

    def must_fail(self, operation, parameters, error):
        """Returns the response. Requires an error of type `error`."""
        status, answer = self.call(operation, parameters)
        kind = answer.get("__type", "").rpartition("#")[2]
        self.expect(status == 400 and kind == error, operation, parameters, status, answer)
        self.errors[kind] += 1
        return answer

    def expect(self, condition, *what):
        if not condition:
            raise AssertionError(f"{self.name}: not what is expected: {what!r:.3000}")

    # Random values.

    def any_key(self):
        partition = self.random.randrange(PARTITIONS)
        return f"{self.name}-{partition:02}", self.random.randrange(NUMBERS)

    def any_item(self, key):
        rank = self.random.randrange(RANKS)
        text = "".join(self.random.choices(string.ascii_letters, k=self.random.randrange(10, 300)))
        return {
            "id": {"S": key[0]},
            "number": {"N": str(key[1])},
            "group": {"S": f"{self.name}-group-{self.random.randrange(GROUPS)}"},
            "rank": {"N": str(rank)},
            "text": {"S": text},
            "more": {"M": {"tags": {"SS": ["a", "b"]}, "list": {"L": [{"BOOL": True}]}}},
            "version": {"N": "0"},
        }

    def key(self, key):
        return {"TableName": "orders", "Key": {"id": {"S": key[0]}, "number": {"N": str(key[1])}}}

    # Steps: single items.

    def put(self):
        item = self.any_item(self.any_key())
        answer = self.must(
            "PutItem", {"TableName": "orders", "Item": item, "ReturnValues": "ALL_OLD"}
        )
        self.expect(answer.get("Attributes") == self.items.get(key_of(item)), "old item", answer)
        self.items[key_of(item)] = item

    def put_new(self):
        item = self.any_item(self.any_key())
        parameters = {
            "TableName": "orders",
            "Item": item,
            "ConditionExpression": "attribute_not_exists(id)",
        }
        if key_of(item) in self.items:
            self.must_fail("PutItem", parameters, "ConditionalCheckFailedException")
        else:
            self.must("PutItem", parameters)
            self.items[key_of(item)] = item

    def update(self):
        key = self.any_key()
        old = self.items.get(key)
        version = "0" if old is None else old["version"]["N"]
        rank = str(self.random.randrange(RANKS))
        parameters = {
            **self.key(key),
            "UpdateExpression": "SET #r = :rank, #t = :text ADD version :one",
            "ConditionExpression": "version = :version",
            "ExpressionAttributeNames": {"#r": "rank", "#t": "text"},
            "ExpressionAttributeValues": {
                ":rank": {"N": rank},
                ":text": {"S": "updated" * self.random.randrange(1, 40)},
                ":one": {"N": "1"},
                ":version": {"N": version},
            },
            "ReturnValues": "ALL_NEW",
        }
        if old is None:
            self.must_fail("UpdateItem", parameters, "ConditionalCheckFailedException")
            return
        answer = self.must("UpdateItem", parameters)["Attributes"]
        new = {
            **old,
            "rank": {"N": rank},
            "text": parameters["ExpressionAttributeValues"][":text"],
            "version": {"N": str(int(version) + 1)},
        }
        self.expect(answer == new, "updated item", answer, new)
        self.items[key] = new

    def delete(self):
        key = self.any_key()
        answer = self.must("DeleteItem", {**self.key(key), "ReturnValues": "ALL_OLD"})
        self.expect(answer.get("Attributes") == self.items.pop(key, None), "deleted item", answer)

    def get(self):
        key = self.any_key()
        answer = self.must("GetItem", {**self.key(key), "ConsistentRead": True})
        self.expect(answer.get("Item") == self.items.get(key), "item", answer)

    # Steps: several items.

    def batch_write(self):
        requests = []
        for key in {self.any_key() for _ in range(self.random.randrange(2, 25))}:
            if self.random.random() < 0.6:
                self.items[key] = self.any_item(key)
                requests.append({"PutRequest": {"Item": self.items[key]}})
            else:
                self.items.pop(key, None)
                requests.append({"DeleteRequest": {"Key": self.key(key)["Key"]}})
        answer = self.must("BatchWriteItem", {"RequestItems": {"orders": requests}})
        self.expect(answer["UnprocessedItems"] == {}, "batch", answer)

    def batch_get(self):
        keys = {self.any_key() for _ in range(self.random.randrange(2, 30))}
        request = {"Keys": [self.key(key)["Key"] for key in keys]}
        answer = self.must("BatchGetItem", {"RequestItems": {"orders": request}})
        found = {key_of(item): item for item in answer["Responses"]["orders"]}
        wanted = {key: self.items[key] for key in keys if key in self.items}
        self.expect(found == wanted and answer["UnprocessedKeys"] == {}, "batch", answer)

    def read_pages(self, operation, parameters):
        """Returns all items, read page by page. Checks the pages too."""
        limit = parameters.get("Limit")
        items = []
        while True:
            page = self.must(operation, parameters)
            self.pages += 1
            items += page["Items"]
            last = page.get("LastEvaluatedKey")
            self.expect(page["Count"] == len(page["Items"]) <= page["ScannedCount"], "counts", page)
            self.expect(limit is None or page["ScannedCount"] <= limit, "limit", page)
            if last is None:
                return items
            self.expect(limit is None or page["ScannedCount"] == limit, "short page", page)
            parameters = {**parameters, "ExclusiveStartKey": last}

    def page_parameters(self, **more):
        parameters = {"TableName": "orders", "ScanIndexForward": self.random.random() < 0.5, **more}
        if self.random.random() < 0.8:
            parameters["Limit"] = self.random.randrange(3, 40)
        return parameters

    def expect_items(self, found, wanted, order):
        """Checks that `found` are the `wanted` items, each once, ascending by `order`."""
        self.expect(len(found) == len(wanted), "number of items", len(found), len(wanted))
        by_key = {key_of(item): item for item in found}
        self.expect(by_key == {key_of(item): item for item in wanted}, "items", found, wanted)
        places = [order(item) for item in found]
        self.expect(places == sorted(places), "order", places)

    def query(self):
        partition, begin = self.any_key()
        parameters = self.page_parameters(
            KeyConditionExpression="id = :id AND #n >= :begin",
            ExpressionAttributeNames={"#n": "number"},
            ExpressionAttributeValues={":id": {"S": partition}, ":begin": {"N": str(begin)}},
            ConsistentRead=True,
        )
        found = self.read_pages("Query", parameters)
        if not parameters["ScanIndexForward"]:
            found.reverse()
        wanted = [i for (p, n), i in self.items.items() if p == partition and n >= begin]
        self.expect_items(found, wanted, lambda item: int(item["number"]["N"]))

    def query_index(self, index, name, value):
        parameters = self.page_parameters(
            IndexName=index,
            KeyConditionExpression="#k = :value",
            ExpressionAttributeNames={"#k": name},
            ExpressionAttributeValues={":value": {"S": value}},
        )
        found = self.read_pages("Query", parameters)
        if not parameters["ScanIndexForward"]:
            found.reverse()
        wanted = [item for item in self.items.values() if item[name]["S"] == value]
        self.expect_items(found, wanted, lambda item: int(item["rank"]["N"]))

    def query_local(self):
        self.query_index("by-rank", "id", self.any_key()[0])

    def query_global(self):
        group = self.random.randrange(GROUPS)
        self.query_index("by-group", "group", f"{self.name}-group-{group}")

    def scan(self):
        parameters = {
            "TableName": "orders",
            "FilterExpression": "begins_with(id, :mine)",
            "ExpressionAttributeValues": {":mine": {"S": self.name + "-"}},
            "Limit": self.random.randrange(300, 1000),
        }
        found = self.read_pages("Scan", parameters)
        self.expect_items(found, list(self.items.values()), lambda item: 0)

    # Steps: transactions.

    def transaction(self, operation, parameters, conflicts):
        """Returns the response, or the codes of the cancellation reasons. TransactionConflict is
        only accepted if other clients use the items too."""
        status, answer = self.call(operation, parameters)
        if status == 200:
            return answer, []
        self.expect(answer["__type"].endswith("#" + CANCELED), operation, answer)
        codes = {reason["Code"] for reason in answer["CancellationReasons"]} - {"None"}
        allowed = {"ConditionalCheckFailed"} | ({"TransactionConflict"} if conflicts else set())
        self.expect(codes and codes <= allowed, operation, answer)
        self.errors.update(codes)
        return answer, codes

    def transfer(self):
        source, target = self.random.sample(range(ACCOUNTS), 2)
        amount = {"N": str(self.random.randrange(1, 400))}

        def update(account, expression, **more):
            key = {"id": {"S": f"account-{account}"}}
            values = {":amount": amount}
            update = {"TableName": "accounts", "Key": key, "UpdateExpression": expression, **more}
            return {"Update": {**update, "ExpressionAttributeValues": values}}

        parameters = {
            "TransactItems": [
                update(
                    source,
                    "SET balance = balance - :amount",
                    ConditionExpression="balance >= :amount",
                ),
                update(target, "SET balance = balance + :amount"),
            ]
        }
        if self.random.random() < 0.2:
            parameters["ClientRequestToken"] = str(uuid.UUID(int=self.random.getrandbits(128)))
        _, codes = self.transaction("TransactWriteItems", parameters, True)
        if not codes and "ClientRequestToken" in parameters:
            self.must("TransactWriteItems", parameters)  # is not executed again

    def read_accounts(self):
        gets = [
            {"Get": {"TableName": "accounts", "Key": {"id": {"S": f"account-{number}"}}}}
            for number in range(ACCOUNTS)
        ]
        answer, codes = self.transaction("TransactGetItems", {"TransactItems": gets}, True)
        if not codes:
            total = sum(int(r["Item"]["balance"]["N"]) for r in answer["Responses"])
            self.expect(total == ACCOUNTS * BALANCE, "total", answer)

    def transact_own(self):
        put, deleted, checked = (self.any_key() for _ in range(3))
        if len({put, deleted, checked}) < 3:
            return
        item = self.any_item(put)
        exists = checked in self.items
        actions = [
            {"Put": {"TableName": "orders", "Item": item}},
            {"Delete": self.key(deleted)},
            {
                "ConditionCheck": {
                    **self.key(checked),
                    "ConditionExpression": "attribute_exists(id)",
                }
            },
        ]
        _, codes = self.transaction("TransactWriteItems", {"TransactItems": actions}, False)
        self.expect(exists == (not codes), "own transaction", codes)
        if exists:
            self.items[put] = item
            self.items.pop(deleted, None)

    def add(self):
        amount = self.random.randrange(1, 10)
        parameters = {
            "TableName": "accounts",
            "Key": {"id": {"S": f"counter-{self.random.randrange(COUNTERS)}"}},
            "UpdateExpression": "ADD #c :amount",
            "ExpressionAttributeNames": {"#c": "count"},
            "ExpressionAttributeValues": {":amount": {"N": str(amount)}},
        }
        self.must("UpdateItem", parameters)
        self.added += amount

    # Steps: PartiQL.

    def select(self, key):
        return {
            "Statement": 'SELECT * FROM "orders" WHERE id = ? AND "number" = ?',
            "Parameters": [{"S": key[0]}, {"N": str(key[1])}],
        }

    def set_text(self, key, text):
        return {
            "Statement": 'UPDATE "orders" SET "text" = ? WHERE id = ? AND "number" = ?',
            "Parameters": [{"S": text}, {"S": key[0]}, {"N": str(key[1])}],
        }

    def statement(self):
        key = self.any_key()
        wanted = [self.items[key]] if key in self.items else []
        answer = self.must("ExecuteStatement", self.select(key))
        self.expect(answer["Items"] == wanted, "statement", answer)
        if wanted:
            self.must("ExecuteStatement", self.set_text(key, "stated"))
            self.items[key] = {**self.items[key], "text": {"S": "stated"}}

    def statement_batch(self):
        keys = list({self.any_key() for _ in range(10)})
        answer = self.must(
            "BatchExecuteStatement", {"Statements": [self.select(key) for key in keys]}
        )
        found = [response.get("Item") for response in answer["Responses"]]
        self.expect(found == [self.items.get(key) for key in keys], "statements", answer)

    def statement_transaction(self):
        keys = list({self.any_key() for _ in range(5)})
        statements = [self.set_text(key, "transacted") for key in keys]
        _, codes = self.transaction(
            "ExecuteTransaction", {"TransactStatements": statements}, False
        )
        self.expect((not codes) == all(key in self.items for key in keys), "statements", codes)
        if not codes:
            for key in keys:
                self.items[key] = {**self.items[key], "text": {"S": "transacted"}}

    # Steps: other requests.

    def refused(self):
        operation, parameters, error = self.random.choice(
            [
                ("GetItem", {"TableName": "missing", "Key": {"id": {"S": "a"}}}, "Resource"),
                ("GetItem", {"TableName": "orders", "Key": {"id": {"S": "a"}}}, "Validation"),
                ("GetItem", {"TableName": "orders", "Key": 7}, "Serialization"),
                ("Query", {"TableName": "orders", "KeyConditionExpression": "id ="}, "Validation"),
                ("PutItem", {"TableName": "orders", "Item": {}}, "Validation"),
                ("ExecuteStatement", {"Statement": "SELECT"}, "Validation"),
            ]
        )
        names = {"Resource": "ResourceNotFoundException"}
        self.must_fail(operation, parameters, names.get(error, error + "Exception"))

    def table(self):
        """Creates a table, fills it and deletes it."""
        name = self.name + "-passing"
        definition = {
            "TableName": name,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
        self.must("CreateTable", definition)
        for number in range(10):
            item = {"id": {"S": str(number)}, "text": {"S": "x" * 1000}}
            self.must("PutItem", {"TableName": name, "Item": item})
        count = self.must("Scan", {"TableName": name, "Select": "COUNT"})["Count"]
        self.expect(count == 10, "passing table", count)
        self.must("DeleteTable", {"TableName": name})
        self.must_fail("DescribeTable", {"TableName": name}, "ResourceNotFoundException")

    def look(self):
        self.must("ListTables", {})
        self.must("DescribeTable", {"TableName": "orders"})
        answer = self.connection.call(head({"Host": "localhost"}, "GET", "/metrics"))
        self.expect(answer.status == 200, "metrics", answer)
        self.connection.__exit__()
        self.connection = Connection(self.port)

    def run(self, seconds):
        names, weights = zip(*STEPS.items())
        steps = [getattr(self, name) for name in names]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for step in self.random.choices(steps, weights, k=50):
                step()
        # At the end the items are those that were written.
        self.scan()


def main():
    port, number, seconds, seed = sys.argv[1:]
    client = Client(int(port), int(number), int(seed))
    client.run(float(seconds))
    figures = {
        "requests": client.requests,
        "errors": client.errors,
        "pages": client.pages,
        "added": client.added,
        "slowest_ms": round(client.slowest * 1e3, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""The worst known requests: what each costs, and how long other clients wait beside it.

docs/security.md has the rule. Memory is checked in every run; processor time and waits are checked in
a full run only, because a quick one shares its machine with other work.
"""

import gzip
import json
import threading
import time
from dataclasses import dataclass

from server import (
    MEGABYTE,
    Connection,
    call,
    check,
    cpu_time_ns,
    head,
    operation_request,
    table_definition,
)

CPU_SECONDS_MAX = 1.0
FILTERED_PAGE_CPU_SECONDS_MAX = 5.0  # more than 100,000 items under more than 100 comparisons
MEMORY_BYTES_MAX = 64 * MEGABYTE
LARGE_BODY_MEMORY_BYTES_MAX = 160 * MEGABYTE  # where the inflated body passes 8 MB
LARGE_BODY_BYTES = 8 * MEGABYTE
WAIT_SECONDS_MAX = 0.05
LARGE_BESIDE_EACH_OTHER = 4


@dataclass
class Request:
    """A request of the list. `inflated_bytes` is the size of its body as the server sees it."""

    name: str
    operation: str
    body: bytes
    status: int = 200
    cpu_seconds_max: float = CPU_SECONDS_MAX
    wait_seconds_max: float = WAIT_SECONDS_MAX
    encoding: str = ""

    def bytes(self):
        headers = {"Content_Encoding": self.encoding} if self.encoding else {}
        return operation_request(self.operation, self.body, **headers)

    def inflated_bytes(self):
        return len(gzip.decompress(self.body) if self.encoding else self.body)


def compact(parameters):
    return json.dumps(parameters, separators=(",", ":")).encode()


def names(prefix, count):
    return [f"{prefix}{number}" for number in range(count)]


def string(value):
    return {"S": value}


def scan_of_sets():
    """One item with two sets of 50,000 numbers, each compared with the other 1,881 times."""
    equals = "NOT a IN (" + ",".join(["b"] * 99) + ")"
    return {"TableName": "sets", "FilterExpression": " AND ".join([equals] * 19)}


def scan_of_small_items():
    operands = "id IN (" + ",".join(["a"] * 99) + ")"
    return {"TableName": "small", "FilterExpression": " AND ".join([f"NOT {operands}"] * 19)}


def scan_for_text():
    calls = " OR ".join(f"contains(a, :v{number})" for number in range(20))
    values = {f":v{n}": string("a" * 50_000 + "b" + "a" * (10_000 + n)) for n in range(20)}
    return {
        "TableName": "texts",
        "FilterExpression": calls,
        "ExpressionAttributeValues": values,
    }


def scan_with_conditions():
    condition = {"ComparisonOperator": "NULL"}
    return {"TableName": "small", "ScanFilter": {name: condition for name in names("x", 3000)}}


def nested_json():
    """Equal names at each of 120 levels around a long array: 16 KB as gzip."""
    opening, closing = '{"a":0,"a":' * 120, "}" * 120
    return gzip.compress((opening + "[" + "0," * 2_000_000 + "0]" + closing).encode())


def statement_of_alternatives():
    alternatives = " AND ".join(["(s=? OR s=?)"] * 12)
    values = [string("x" * 1000)] + [string(f"{n}" + "y" * 100_000) for n in range(24)]
    statement = f'SELECT * FROM "ranges" WHERE id=? AND {alternatives}'
    return {"Statement": statement, "Parameters": values}


def update_of_copies():
    copies = ",".join(f"a{number}=l" for number in range(150))
    return {
        "TableName": "lists",
        "Key": {"id": string("one")},
        "UpdateExpression": f"SET {copies}",
    }


def batch_of_names():
    keys = {"Keys": [{"id": string("k")}]}
    return {"RequestItems": {f"table{number}": keys for number in range(200_000)}}


def requests():
    """Returns the list. Its tables are those of fill()."""
    page = FILTERED_PAGE_CPU_SECONDS_MAX
    return [
        Request("sets in a filter", "Scan", compact(scan_of_sets())),
        Request("small items in a filter", "Scan", compact(scan_of_small_items()), 200, page),
        Request("contains of a long text", "Scan", compact(scan_for_text())),
        Request("3,000 conditions", "Scan", compact(scan_with_conditions()), 200, page),
        Request("equal names in JSON", "Scan", nested_json(), 400, encoding="gzip"),
        Request("alternatives", "ExecuteStatement", compact(statement_of_alternatives()), 400),
        # Known: nothing in the request shows that its item has 195,000 members, so it is not moved to
        # the workers, and reading them takes 0.1 s.
        Request(
            "copies of a list", "UpdateItem", compact(update_of_copies()), 400, wait_seconds_max=0.5
        ),
        Request("200,000 tables", "BatchGetItem", compact(batch_of_names()), 400),
    ]


def put_all(server, table, items):
    with Connection(server.port) as connection:
        for begin in range(0, len(items), 25):
            puts = [{"PutRequest": {"Item": item}} for item in items[begin : begin + 25]]
            status, answer = call(connection, "BatchWriteItem", {"RequestItems": {table: puts}})
            check(status == 200, f"BatchWriteItem answers {status} {answer}")


def fill(server):
    """Creates the tables of requests()."""
    for table in ("sets", "texts", "lists"):
        server.must("CreateTable", table_definition(table))
    server.must("CreateTable", table_definition("small", sort_key="n"))
    ranges = table_definition("ranges", sort_key="s")
    ranges["AttributeDefinitions"][1]["AttributeType"] = "S"
    server.must("CreateTable", ranges)
    numbers = [str(number) for number in range(50_000)]
    sets = {"id": string("one"), "a": {"NS": numbers}, "b": {"NS": numbers[:-1] + ["50001"]}}
    server.must("PutItem", {"TableName": "sets", "Item": sets})
    text = {"id": string("one"), "a": string("a" * 390_000)}
    server.must("PutItem", {"TableName": "texts", "Item": text})
    long_list = {"id": string("one"), "l": {"L": [{"NULL": True}] * 195_000}}
    server.must("PutItem", {"TableName": "lists", "Item": long_list})
    put_all(server, "small", [{"id": string("i"), "n": {"N": str(n)}} for n in range(64_000)])


class Bystander:
    """A client that sends one small request after another. `worst` is its longest wait in
    seconds."""

    def __init__(self, port, request):
        self.worst = 0.0
        self._request = request
        self._port = port
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with Connection(self._port) as connection:
            while not self._is_over.is_set():
                begin = time.monotonic()
                check(connection.call(self._request).status == 200, "a bystander is refused")
                self.worst = max(self.worst, time.monotonic() - begin)
                time.sleep(0.003)

    def stop(self):
        self._is_over.set()
        self._thread.join()
        return self.worst


def call_beside(server, request, count):
    """Calls `request` on `count` connections at once. Returns the longest waits of a client of
    GetItem and of one of GET / meanwhile, in seconds."""
    key = {"TableName": "witness", "Key": {"id": string("one")}}
    get_item = Bystander(server.port, operation_request("GetItem", compact(key)))
    health = Bystander(server.port, head({"Host": "localhost"}, "GET", "/"))
    answers = []

    def call_once():
        with Connection(server.port) as connection:
            answers.append(connection.call(request.bytes()))

    threads = [threading.Thread(target=call_once) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        waits = get_item.stop(), health.stop()
    check(len(answers) == count, f"{request.name}: a connection was closed")
    return waits


def measure(server, request, options):
    """Returns the figures of one request as a text."""
    server.wait_for_level(server.resident_bytes())
    data_before = server.metric("pageturner_memory_bytes")
    resident_before = server.resident_bytes()
    server.reset_peak()
    cpu_before = cpu_time_ns(server.process.pid)
    with Connection(server.port) as connection:
        answer = connection.call(request.bytes())
    cpu = (cpu_time_ns(server.process.pid) - cpu_before) / 1e9
    kept = server.metric("pageturner_memory_bytes") - data_before
    memory = server.peak_bytes() - resident_before - kept - len(answer.body) - len(request.body)
    check(
        answer.status == request.status,
        f"{request.name}: {answer.status} {answer.body[:200]!r}",
    )
    small_wait, health_wait = call_beside(server, request, LARGE_BESIDE_EACH_OTHER)
    is_large = request.inflated_bytes() > LARGE_BODY_BYTES
    memory_max = LARGE_BODY_MEMORY_BYTES_MAX if is_large else MEMORY_BYTES_MAX
    check(memory <= memory_max, f"{request.name}: {memory / MEGABYTE:.0f} MB")
    if not options.quick:
        check(cpu <= request.cpu_seconds_max, f"{request.name}: {cpu:.2f} s of CPU")
        check(
            small_wait <= request.wait_seconds_max and health_wait <= WAIT_SECONDS_MAX,
            f"{request.name}: others waited {small_wait * 1e3:.0f} and {health_wait * 1e3:.0f} ms",
        )
    return (
        f"{len(request.body):,} bytes, {cpu:.2f} s of CPU, {memory / MEGABYTE:.0f} MB; beside four "
        f"of them GetItem waits {small_wait * 1e3:.0f} ms, GET / {health_wait * 1e3:.0f} ms"
    )


def run(server, options):
    """Measures each request of the list, alone and four of it beside each other."""
    fill(server)
    return {request.name: measure(server, request, options) for request in requests()}

"""Valid requests of nearly all operations, bent at every byte, in head and body, and in the tree of
their JSON.

Bent bytes go out on a connection each, which the client ends behind them: a length that is too large
leaves the server waiting otherwise. Where only the body is bent, and its length is right, requests go
out by the dozen on one connection, and each has its answer.
"""

import collections
import json
import random
import re
import socket
import sys
import time

from server import SECONDS_MAX, Connection, check, operation_request, streams_target
from valid_requests import operations, other_heads, prepare, streams_operations

BATCH = 48
TIDY_EVERY = 4000
# Bytes that mean something to HTTP, to JSON or to UTF-8.
BYTES = b'\x00\x01\t\n\r "%,:;{}[]\\/#@0189aAzZ\x7f\x80\xc0\xe2\xf0\xff-+.eE'
EDITS = ("replace", "delete", "double", "truncate")
VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 1e300, 0.5, "", "a", "\u0000", "\ud800", "x" * 70_000,
    [], {}, [[]], {"S": "a"}, {"N": "1e999"}, {"N": ""}, {"NULL": False}, {"SS": []}, {"M": {"": {}}},
    "#a", ":a", "a.b[0]", "(" * 400, "NOT " * 500, [1] * 200,
]  # fmt: skip


def bend(data, edit, place, byte):
    """Returns `data` with one byte bent."""
    if edit == "truncate":
        return data[:place]
    middle = {"replace": bytes([byte]), "delete": b"", "double": data[place : place + 1] * 2}[edit]
    return data[:place] + middle + data[place + 1 :]


def bent(seeds, count, chance):
    """Returns `count` times a seed and a bent one: each edit at each byte once, in random order, and
    if there are not so many, the rest bent several times."""
    places = [
        (number, edit, place)
        for number, seed in enumerate(seeds)
        for edit in EDITS
        for place in range(len(seed))
    ]
    chance.shuffle(places)
    for number, edit, place in places[:count]:
        yield number, bend(seeds[number], edit, place, chance.choice(BYTES))
    for _ in range(count - len(places)):
        number = chance.randrange(len(seeds))
        data = seeds[number]
        for _ in range(chance.randrange(2, 6)):
            if data:
                edit = chance.choice(EDITS[:3])
                data = bend(data, edit, chance.randrange(len(data)), chance.choice(BYTES))
        yield number, data


def edited(tree, chance):
    """Returns a copy of a JSON tree with one node changed."""
    tree = json.loads(json.dumps(tree))
    nodes = []

    def walk(node):
        for key in node if isinstance(node, dict) else range(len(node)):
            nodes.append((node, key))
            if isinstance(node[key], (dict, list)):
                walk(node[key])

    walk(tree)
    if not nodes:
        return {"extra": chance.choice(VALUES)}
    node, key = chance.choice(nodes)
    kind = chance.randrange(6)
    if kind == 0:
        del node[key]
    elif kind == 1 and isinstance(node, dict):
        node[chance.choice(["", "extra", "S", "N", "M", key + key])] = node.pop(key)
    elif kind == 2:
        other, other_key = chance.choice(nodes)
        node[key] = json.loads(json.dumps(other[other_key]))
    elif kind == 3:
        for _ in range(chance.choice([1, 5, 40, 200])):
            node[key] = {"L": [node[key]]} if chance.random() < 0.5 else {"M": {"a": node[key]}}
    else:
        node[key] = chance.choice(VALUES)
    return tree


def answers_in(data):
    """Returns the statuses of the answers that `data` is. Fails where it is anything else."""
    statuses = []
    while data:
        end = data.find(b"\r\n\r\n")
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", data)
        check(end >= 0 and found, f"not an answer: {data[:200]!r}")
        status = int(found.group(1))
        statuses.append(status)
        length = re.search(rb"\r\ncontent-length: (\d+)\r\n", data[: end + 2].lower())
        check(length or status == 100, f"an answer without a length: {data[:200]!r}")
        size = int(length.group(1)) if length else 0
        check(len(data) >= end + 4 + size, f"an answer that is cut off: {data[:200]!r}")
        data = data[end + 4 + size :]
    return statuses


def is_allowed(status, request):
    """501 is for a transfer coding that is not known, and no other 5xx is for anything."""
    return status < 500 or (status == 501 and b"transfer-encoding" in request.lower())


class Bender:
    def __init__(self, server, options):
        self.server = server
        self.chance = random.Random(options.seed)
        self.statuses = collections.Counter()
        self.slowest = 0.0
        self.sent = 0
        self.tidied = 0

    def tidy(self):
        """Bent requests make tables and backups too, which would slow down the rest."""
        if self.sent - self.tidied >= TIDY_EVERY:
            prepare(self.server)
            self.tidied = self.sent

    def send_alone(self, request):
        """Sends bytes on a connection of their own, and the end of them. Counts the answers."""
        begin = time.perf_counter()
        received = b""
        with socket.create_connection(("127.0.0.1", self.server.port), SECONDS_MAX) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while data := connection.recv(65536):
                    received += data
            except TimeoutError:
                check(False, f"no end of the connection within {SECONDS_MAX} s: {request!r}")
            except ConnectionError:
                check(False, f"the connection broke: {request!r}, received {received!r:.300}")
        self.slowest = max(self.slowest, time.perf_counter() - begin)
        self.sent += 1
        statuses = answers_in(received)
        for status in statuses:
            check(is_allowed(status, request), f"{status} to {request!r}: {received!r:.1000}")
        self.statuses.update(statuses or ["none"])
        self.tidy()

    def send_batch(self, connection, requests):
        """Sends whole requests. Each has its answer."""
        begin = time.perf_counter()
        connection.send(b"".join(requests))
        for request in requests:
            try:
                answer = connection.read_answer()
            except OSError as error:
                check(False, f"{error} instead of an answer to {request!r}")
            check(answer.status < 500, f"{answer.status} to {request!r}: {answer.body!r:.1000}")
            if answer.status == 400:
                error = json.loads(answer.body)
                check("__type" in error, f"an error without a type to {request!r}: {error}")
            self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, (time.perf_counter() - begin) / len(requests))
        self.sent += len(requests)
        self.tidy()

    def send_all(self, requests):
        """Sends whole requests, batch by batch."""
        with Connection(self.server.port) as connection:
            batch, size = [], 0
            for request in requests:
                batch.append(request)
                size += len(request)
                # Little enough that the client may send it all before it reads the first answer.
                if len(batch) == BATCH or size > 100_000:
                    self.send_batch(connection, batch)
                    batch, size = [], 0
            if batch:
                self.send_batch(connection, batch)


def run(server, options):
    """Sends options.count bent requests. Fails where one of them hangs, breaks the connection or is
    answered as the server's fault."""
    sys.setrecursionlimit(10_000)  # what is edited nests deeper than Python's JSON likes
    prepare(server)
    calls = [(name, parameters, {}) for name, parameters in operations(server)]
    calls += [(n, parameters, streams_target(n)) for n, parameters in streams_operations(server)]
    for name, parameters, headers in calls:
        server.must(name, parameters, **headers)
    bodies = [json.dumps(parameters, ensure_ascii=False).encode() for _, parameters, _ in calls]

    def request_of(number, body):
        name, _, headers = calls[number]
        return operation_request(name, body, **headers)

    whole = [request_of(number, body) for number, body in enumerate(bodies)] + other_heads()
    bender = Bender(server, options)
    for request in whole:
        bender.send_alone(request)
    check(set(bender.statuses) <= {200, 400}, f"a valid request is refused: {bender.statuses}")

    chance = bender.chance
    heads = options.count * 3 // 10
    trees = options.count * 4 // 10
    bodies_count = options.count - heads - trees
    for _, request in bent(whole, heads, chance):
        bender.send_alone(request)
    bender.send_all(request_of(*case) for case in bent(bodies, bodies_count, chance))

    def edited_requests():
        for _ in range(trees):
            number = chance.randrange(len(calls))
            tree = edited(calls[number][1], chance)
            for _ in range(chance.choice([0, 0, 0, 1, 3])):
                tree = edited(tree, chance)
            yield request_of(number, json.dumps(tree).encode())

    bender.send_all(edited_requests())
    prepare(server)
    named = collections.Counter({str(k): n for k, n in bender.statuses.items()})
    return {
        "requests": bender.sent,
        "bytes to bend": sum(map(len, whole)),
        "answers by status": named,
        "slowest request ms": round(bender.slowest * 1e3, 1),
    }

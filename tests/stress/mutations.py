"""Valid requests of nearly all operations, mutated at every byte of head and body, and in the tree
of their JSON.

Mutated bytes are sent on separate connections, which the client closes after them: otherwise a
length that is too large makes the server wait. Requests of which only the body is mutated, with the
correct length, are sent in batches on one connection, and each must get a response.
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
# Bytes that are special in HTTP, JSON or UTF-8.
BYTES = b'\x00\x01\t\n\r "%,:;{}[]\\/#@0189aAzZ\x7f\x80\xc0\xe2\xf0\xff-+.eE'
EDITS = ("replace", "delete", "double", "truncate")
VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 1e300, 0.5, "", "a", "\u0000", "\ud800", "x" * 70_000,
    [], {}, [[]], {"S": "a"}, {"N": "1e999"}, {"N": ""}, {"NULL": False}, {"SS": []}, {"M": {"": {}}},
    "#a", ":a", "a.b[0]", "(" * 400, "NOT " * 500, [1] * 200,
]  # fmt: skip


def mutated(data, edit, place, byte):
    """Returns `data` with one byte changed."""
    if edit == "truncate":
        return data[:place]
    middle = {"replace": bytes([byte]), "delete": b"", "double": data[place : place + 1] * 2}[edit]
    return data[:place] + middle + data[place + 1 :]


def mutations(seeds, count, chance):
    """Returns `count` pairs of a seed and its mutation: each edit at each byte once, in random
    order, and if that is fewer than `count`, the rest with several mutations."""
    places = [
        (number, edit, place)
        for number, seed in enumerate(seeds)
        for edit in EDITS
        for place in range(len(seed))
    ]
    chance.shuffle(places)
    for number, edit, place in places[:count]:
        yield number, mutated(seeds[number], edit, place, chance.choice(BYTES))
    for _ in range(count - len(places)):
        number = chance.randrange(len(seeds))
        data = seeds[number]
        for _ in range(chance.randrange(2, 6)):
            if data:
                edit = chance.choice(EDITS[:3])
                data = mutated(data, edit, chance.randrange(len(data)), chance.choice(BYTES))
        yield number, data


def mutated_tree(tree, chance):
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
    """Returns the statuses of the responses in `data`. Fails if it has anything else."""
    statuses = []
    while data:
        end = data.find(b"\r\n\r\n")
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", data)
        check(end >= 0 and found, f"not a response: {data[:200]!r}")
        status = int(found.group(1))
        statuses.append(status)
        length = re.search(rb"\r\ncontent-length: (\d+)\r\n", data[: end + 2].lower())
        check(length or status == 100, f"a response without a length: {data[:200]!r}")
        size = int(length.group(1)) if length else 0
        check(len(data) >= end + 4 + size, f"a truncated response: {data[:200]!r}")
        data = data[end + 4 + size :]
    return statuses


def is_allowed(status, request):
    """Returns whether the status is allowed: 501 only for an unknown transfer coding, and no other
    5xx."""
    return status < 500 or (status == 501 and b"transfer-encoding" in request.lower())


class Mutator:
    def __init__(self, server, options):
        self.server = server
        self.chance = random.Random(options.seed)
        self.statuses = collections.Counter()
        self.slowest = 0.0
        self.sent = 0
        self.tidied = 0

    def tidy(self):
        """Deletes tables and backups that mutated requests have created, which would slow down the
        rest."""
        if self.sent - self.tidied >= TIDY_EVERY:
            prepare(self.server)
            self.tidied = self.sent

    def send_alone(self, request):
        """Sends bytes on a new connection, and closes the sending side. Counts the responses."""
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
        """Sends complete requests. Each must get a response."""
        begin = time.perf_counter()
        connection.send(b"".join(requests))
        for request in requests:
            try:
                answer = connection.read_answer()
            except OSError as error:
                check(False, f"{error} instead of a response to {request!r}")
            check(answer.status < 500, f"{answer.status} to {request!r}: {answer.body!r:.1000}")
            if answer.status == 400:
                error = json.loads(answer.body)
                check("__type" in error, f"an error without a type to {request!r}: {error}")
            self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, (time.perf_counter() - begin) / len(requests))
        self.sent += len(requests)
        self.tidy()

    def send_all(self, requests):
        """Sends complete requests in batches."""
        with Connection(self.server.port) as connection:
            batch, size = [], 0
            for request in requests:
                batch.append(request)
                size += len(request)
                # Small enough that the client can send it all before it reads the first response.
                if len(batch) == BATCH or size > 100_000:
                    self.send_batch(connection, batch)
                    batch, size = [], 0
            if batch:
                self.send_batch(connection, batch)


def run(server, options):
    """Sends options.count mutated requests. Fails if one of them hangs, breaks the connection or
    gets an internal error."""
    sys.setrecursionlimit(10_000)  # the trees are deeper than Python's json allows
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
    mutator = Mutator(server, options)
    for request in whole:
        mutator.send_alone(request)
    check(set(mutator.statuses) <= {200, 400}, f"a valid request is rejected: {mutator.statuses}")

    chance = mutator.chance
    heads = options.count * 3 // 10
    trees = options.count * 4 // 10
    bodies_count = options.count - heads - trees
    for _, request in mutations(whole, heads, chance):
        mutator.send_alone(request)
    mutator.send_all(request_of(*case) for case in mutations(bodies, bodies_count, chance))

    def requests_of_mutated_trees():
        for _ in range(trees):
            number = chance.randrange(len(calls))
            tree = mutated_tree(calls[number][1], chance)
            for _ in range(chance.choice([0, 0, 0, 1, 3])):
                tree = mutated_tree(tree, chance)
            yield request_of(number, json.dumps(tree).encode())

    mutator.send_all(requests_of_mutated_trees())
    prepare(server)
    named = collections.Counter({str(k): n for k, n in mutator.statuses.items()})
    return {
        "requests": mutator.sent,
        "bytes to mutate": sum(map(len, whole)),
        "answers by status": named,
        "slowest request ms": round(mutator.slowest * 1e3, 1),
    }

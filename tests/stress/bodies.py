"""Request bodies at and above the size limit, with a wrong length, and compressed."""

import asyncio
import collections
import gzip
import json
import os
import zlib

from connections import allow_descriptors, close, open_connection, read_status, read_to_end
from server import (
    MEGABYTE,
    SECONDS_MAX,
    Connection,
    check,
    chunk,
    head,
    operation_headers,
    operation_request,
    table_definition,
)

LIMIT = 16 * MEGABYTE
# The memory of a request of 16 MB: while it waits, its buffer, which doubles as chunks arrive;
# while a thread processes it, also the tree of its values, where a small value takes about ten
# times its text.
COST_OF_WAITING = 3 * LIMIT
COST_OF_LOOKING = 16 * LIMIT


def padded(size):
    """Returns the body of a ListTables, padded with spaces to `size` bytes."""
    return b"{" + b" " * (size - 2) + b"}"


def chunked(body, chunk_bytes):
    """Returns a request with a chunked body."""
    headers = {**operation_headers("ListTables"), "Transfer-Encoding": "chunked"}
    parts = [body[i : i + chunk_bytes] for i in range(0, len(body), chunk_bytes)]
    return head(headers) + b"".join(map(chunk, parts)) + b"0\r\n\r\n"


def full_batch():
    """Returns the body of a BatchWriteItem of nearly 16 MB: 25 items of many small values, which
    need the most memory."""
    value = {"L": [{"M": {"a": {"N": "1"}, "b": {"S": "x"}}} for _ in range(18_000)]}
    items = [{"id": {"S": str(number)}, "list": value} for number in range(25)]
    puts = [{"PutRequest": {"Item": item}} for item in items]
    return json.dumps({"RequestItems": {"large": puts}}, separators=(",", ":")).encode()


def bodies_at_the_limit():
    """Returns requests by name, each with the expected status."""
    batch = full_batch()
    check(LIMIT - 2 * MEGABYTE < len(batch) <= LIMIT, f"a batch of {len(batch)} bytes")
    return {
        "16 MB": (operation_request("ListTables", padded(LIMIT)), 200),
        "16 MB in chunks": (chunked(padded(LIMIT), MEGABYTE), 200),
        "16 MB in small chunks": (chunked(padded(LIMIT), 1000), 200),
        "16 MB of small values": (operation_request("BatchWriteItem", batch), 200),
        "16 MB and a byte": (operation_request("ListTables", padded(LIMIT + 1)), 413),
        "16 MB and a byte in chunks": (chunked(padded(LIMIT + 1), MEGABYTE), 413),
        "32 MB in small chunks": (chunked(padded(2 * LIMIT), 1000), 413),
    }


def wrong_lengths():
    """Returns requests by name, each with the expected statuses of all responses until the end of
    the connection. The client closes its side after each request."""
    body = b"{}"

    def sent_as(length, **more):
        return head({**operation_headers("ListTables"), "Content-Length": length, **more}) + body

    chunks = head({**operation_headers("ListTables"), "Transfer-Encoding": "chunked"})
    return {
        "longer than it is": (sent_as(3), []),
        "longer by far": (sent_as(LIMIT), []),
        "past the limit": (sent_as(LIMIT + 1), [413]),
        "past 64 bits": (sent_as(2**64), [400]),
        "as far as 64 bits go": (sent_as(2**64 - 1), [413]),
        "negative": (sent_as(-1), [400]),
        "no number": (sent_as("two"), [400]),
        "a sum": (sent_as("1+1"), [400]),
        # The remaining bytes are parsed as the start of another head.
        "shorter than it is": (sent_as(1), [400]),
        "none of a body": (sent_as(0), [400]),
        "two of them": (sent_as("2\r\nContent-Length: 3"), [400]),
        "beside chunks": (sent_as(2, **{"Transfer-Encoding": "chunked"}), [400]),
        "a chunk without an end": (chunks + b"5\r\n{}", []),
        "a chunk past the limit": (chunks + b"1000001\r\n{}\r\n0\r\n\r\n", [413]),
        "a chunk past 64 bits": (chunks + b"1" + b"0" * 16 + b"\r\n{}\r\n0\r\n\r\n", [400]),
        "a chunk of no number": (chunks + b"xyz\r\n{}\r\n0\r\n\r\n", [400]),
        "a chunk shorter than it is": (chunks + b"1\r\n{}\r\n0\r\n\r\n", [400]),
    }


def send_whole(server, request):
    """Sends a request. Returns the status of its response."""
    with Connection(server.port) as connection:
        return connection.call(request).status


def statuses_of(server, request):
    """Sends bytes and closes the sending side. Returns the statuses of all responses until the end
    of the connection."""

    async def send():
        reader, writer = await open_connection(server)
        writer.write(request)
        writer.write_eof()
        data = await asyncio.wait_for(read_to_end(reader), SECONDS_MAX)
        await close(writer)
        return data

    lines = [line for line in asyncio.run(send()).split(b"\r\n") if b"HTTP/1.1 " in line]
    return [int(line.split(b"HTTP/1.1 ")[1][:3]) for line in lines]


async def send_at_once(server, request, count):
    """Sends a request on `count` connections at once. Returns the statuses."""

    async def send():
        reader, writer = await open_connection(server)
        writer.write(request)
        status = await asyncio.wait_for(read_status(reader), SECONDS_MAX)
        await close(writer)
        return status

    return await asyncio.gather(*(send() for _ in range(count)))


async def claim(server, count):
    """Claims a body of 16 MB on `count` connections, and sends none. Returns the memory that the
    server has then."""
    request = head({**operation_headers("ListTables"), "Content-Length": LIMIT})
    pairs = [await open_connection(server) for _ in range(count)]
    for _, writer in pairs:
        writer.write(request + b"{")
    await asyncio.sleep(1)
    resident = server.resident_bytes()
    for _, writer in pairs:
        await close(writer)
    return resident


def large_bodies(server, options):
    """Bodies of up to 16 MB are accepted, larger ones and wrong lengths rejected. Memory is
    allocated for bytes received, not for the announced length."""
    server.must("CreateTable", table_definition("large"))
    before = server.resident_bytes()
    figures = collections.Counter()
    for name, (request, wanted) in bodies_at_the_limit().items():
        status = send_whole(server, request)
        check(status == wanted, f"{name}: {status}")
        figures[str(status)] += 1
    for name, (request, wanted) in wrong_lengths().items():
        statuses = statuses_of(server, request)
        check(statuses == wanted, f"a length {name}: {statuses}")
        figures.update(map(str, statuses or ["none"]))

    at_once = 4 if options.quick else 16
    for request, wanted in (
        (operation_request("ListTables", padded(LIMIT)), 200),
        (operation_request("BatchWriteItem", full_batch()), 200),
        (operation_request("ListTables", padded(LIMIT + 1)), 413),
    ):
        statuses = asyncio.run(send_at_once(server, request, at_once))
        check(set(statuses) == {wanted}, f"{at_once} large bodies at once: {statuses}")
        figures.update(map(str, statuses))
    peak = server.peak_bytes()
    limit = before + at_once * COST_OF_WAITING + os.cpu_count() * COST_OF_LOOKING
    check(peak <= limit, f"{at_once} bodies take {(peak - before) / MEGABYTE:.0f} MB")

    claims = 100 if options.quick else 1000
    allow_descriptors(claims)
    held = server.wait_for_level(before)
    claimed = asyncio.run(claim(server, claims)) - held
    check(claimed < claims * MEGABYTE / 8, f"{claims} claims take {claimed / MEGABYTE:.1f} MB")
    server.must("DeleteTable", {"TableName": "large"})
    return {
        "answers by status": figures,
        "bodies of 16 MB at once": at_once,
        "claims of 16 MB": claims,
        "MB of all claims": round(claimed / MEGABYTE, 1),
    }


def compressed_bodies(server, options):
    """Compressed bodies are accepted. Invalid ones, and small ones that decompress to more than the
    limit, get an error and need no more memory than a body of the maximum size."""
    body = b'{"Limit": 10}'
    bomb = gzip.compress(padded(1024 * MEGABYTE), 1)
    server.reset_peak()
    before = server.resident_bytes()
    cases = {
        "gzip": (gzip.compress(body), 200),
        "deflate": (zlib.compress(body), 200),
        "gzip of 16 MB": (gzip.compress(padded(LIMIT), 1), 200),
        "gzip, cut off": (gzip.compress(body)[:-5], 400),
        "gzip, corrupted": (gzip.compress(body)[:12] + b"\xff" + gzip.compress(body)[13:], 400),
        "gzip of gzip": (gzip.compress(gzip.compress(body)), 400),
        "gzip of 1 GB": (bomb, 413),
    }
    figures = collections.Counter()
    with Connection(server.port) as connection:
        for _ in range(10 if options.quick else 100):
            for name, (data, status) in cases.items():
                encoding = "deflate" if name == "deflate" else "gzip"
                request = operation_request("ListTables", data, Content_Encoding=encoding)
                answer = connection.call(request)
                check(answer.status == status, f"{name}: {answer.status} {answer.body!r}")
                figures[str(answer.status)] += 1
    # With a transfer coding the end of the body cannot be determined.
    coded = head({**operation_headers("ListTables"), "Transfer-Encoding": "gzip, chunked"})
    status = send_whole(server, coded + chunk(gzip.compress(body)) + b"0\r\n\r\n")
    check(status == 501, f"gzip as a transfer coding: {status}")
    figures[str(status)] += 1
    taken = server.peak_bytes() - before
    check(taken < 4 * LIMIT + 4 * len(bomb), f"a bomb takes {taken / MEGABYTE:.1f} MB")
    return {
        "requests": sum(figures.values()),
        "answers by status": figures,
        "KB of the bomb": len(bomb) // 1024,
        "MB it takes at most": round(taken / MEGABYTE, 1),
    }

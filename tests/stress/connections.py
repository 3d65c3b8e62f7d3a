"""Clients with bad connections: slow ones, incomplete requests, resets, responses that are never
read, thousands of connections, and pipelined requests."""

import asyncio
import collections
import json
import re
import resource
import socket
import struct
import threading
import time

from server import (
    MEGABYTE,
    SECONDS_MAX,
    Connection,
    check,
    head,
    json_request,
    operation_headers,
    table_definition,
)

HEAD_SECONDS_MAX = 30  # from the first to the last byte of a head: server/http/http_limits.h
BODY_SECONDS_MAX = 30  # without receiving a byte of a body
SEND_SECONDS_MAX = 60  # without sending a byte of a response
SWEEP_SECONDS = 2  # tolerance of each limit, plus some on a busy machine
LATE_SECONDS = 3


def allow_descriptors(count):
    """Raises the file descriptor limit of this process for `count` connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 100
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def get_request(**headers):
    key = {"TableName": "witness", "Key": {"id": {"S": "one"}}}
    return json_request("GetItem", key, **headers)


def short_request():
    """Returns a request with the shortest head, which at one byte per 100 ms is complete within the
    time limit for heads."""
    body = b'{"TableName":"witness","Key":{"id":{"S":"one"}}}'
    headers = {
        "Host": "a",
        "X-Amz-Target": "DynamoDB_20120810.GetItem",
        "Content-Type": "application/json",
        "Date": "a",
        "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/b/dynamodb/aws4_request,"
        "SignedHeaders=host,Signature=0",
        "Content-Length": len(body),
    }
    return head(headers) + body


async def open_connection(server):
    return await asyncio.open_connection("127.0.0.1", server.port)


async def read_to_end(reader):
    """Returns all bytes up to the end of the connection, whoever ends it."""
    data = b""
    try:
        while more := await reader.read(65536):
            data += more
    except ConnectionError:
        pass
    return data


async def read_status(reader):
    """Reads an answer to its end. Returns its status, or "none" where there is none."""
    try:
        answer_head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"content-length: (\d+)", answer_head.lower())[1]))
        return int(answer_head.split(b" ")[1])
    except (asyncio.IncompleteReadError, ConnectionError):
        return "none"


async def ask(reader, writer):
    """Sends a small request. Returns the status of its answer, or "none"."""
    writer.write(get_request())
    return await asyncio.wait_for(read_status(reader), SECONDS_MAX)


async def close(writer):
    writer.close()
    try:
        await writer.wait_closed()
    except ConnectionError:
        pass


# Slow senders.


async def send_slowly(server, request, pause):
    """Sends a request byte by byte. Returns the status, how long the server took from the first byte
    to its answer or to the end of the connection, and how long the head took to be sent."""
    reader, writer = await open_connection(server)
    answer = asyncio.ensure_future(read_status(reader))
    head_bytes = request.index(b"\r\n\r\n") + 4
    head_seconds = None
    begin = time.monotonic()
    try:
        for place in range(len(request)):
            # Uses absolute times, so that many senders keep the intended rate.
            await asyncio.sleep(max(0, begin + place * pause - time.monotonic()))
            if answer.done():
                break
            writer.write(request[place : place + 1])
            if place + 1 == head_bytes:
                head_seconds = time.monotonic() - begin
        status = await asyncio.wait_for(answer, SECONDS_MAX)
        return status, time.monotonic() - begin, head_seconds
    finally:
        await close(writer)


def slow_senders(server, options):
    """Hundreds of clients send one byte per 100 ms. Those whose head is complete in time get a
    response, the others are disconnected."""
    count = 80 if options.quick else 300
    pause = 0.025 if options.quick else 0.1
    allow_descriptors(count)
    request = short_request()
    too_slow = get_request(X_Padding="x" * 150)
    slow_count = 0 if options.quick else count // 4

    async def send_all():
        senders = [send_slowly(server, request, pause) for _ in range(count - slow_count)]
        senders += [send_slowly(server, too_slow, pause) for _ in range(slow_count)]
        return await asyncio.gather(*senders)

    results = asyncio.run(send_all())
    late = 0
    for status, seconds, head_seconds in results[: count - slow_count]:
        # On a busy machine the sender itself may be late.
        if status == "none" and (head_seconds or seconds) >= HEAD_SECONDS_MAX - 1:
            late += 1
        else:
            check(status == 200, f"a slow sender gets {status} after {seconds:.1f} s")
    check(late < count - slow_count, "this machine is too busy to send a byte in time")
    for status, seconds, _ in results[count - slow_count :]:
        in_time = HEAD_SECONDS_MAX - 1 <= seconds <= HEAD_SECONDS_MAX + SWEEP_SECONDS + LATE_SECONDS
        check(status == "none" and in_time, f"too slow a head: {status} after {seconds:.1f} s")
    return {
        "requests": count,
        "responses by status": collections.Counter(str(status) for status, _, _ in results),
        "senders that were late themselves": late,
        "ms between bytes": round(pause * 1000),
        "s for a head": round(max(head or 0 for _, _, head in results[: count - slow_count]), 1),
    }


# Incomplete requests.


def incomplete_requests():
    """Returns incomplete requests by the missing part, with the time the server waits for it."""
    whole = get_request()
    head_end = whole.index(b"\r\n\r\n") + 4
    chunked = head({**operation_headers("GetItem"), "Transfer-Encoding": "chunked"})
    return {
        "half a head": (whole[: head_end // 2], HEAD_SECONDS_MAX),
        "a head": (whole[:head_end], BODY_SECONDS_MAX),
        "half a body": (whole[: (head_end + len(whole)) // 2], BODY_SECONDS_MAX),
        "half a chunk": (chunked + b'20\r\n{"TableName"', BODY_SECONDS_MAX),
        "no last chunk": (chunked + b"2\r\n{}\r\n", BODY_SECONDS_MAX),
    }


async def send_incomplete(server, data, wait, how):
    """Sends half a request, and then closes, ends its side, or falls silent. Returns what it gets,
    and after how many seconds."""
    reader, writer = await open_connection(server)
    begin = time.monotonic()
    writer.write(data)
    received = b""
    try:
        if how == "end":
            writer.write_eof()
        if how != "close":
            received = await asyncio.wait_for(read_to_end(reader), wait)
    except TimeoutError:
        received = "silence"
    finally:
        await close(writer)
    return received, time.monotonic() - begin


def half_requests(server, options):
    """Incomplete requests get no response, and occupy a connection only until the server's
    timeout."""
    count = 20 if options.quick else 50
    cases = incomplete_requests()
    allow_descriptors(count * len(cases) * 3)

    async def send_all_incomplete():
        tasks = {}
        for name, (data, seconds) in cases.items():
            silence = 2 if options.quick else seconds + SWEEP_SECONDS + LATE_SECONDS
            for how, wait in (("close", 0), ("end", SECONDS_MAX), ("silence", silence)):
                for number in range(count):
                    tasks[name, how, number] = send_incomplete(server, data, wait, how)
        return dict(zip(tasks, await asyncio.gather(*tasks.values())))

    longest = 0
    results = asyncio.run(send_all_incomplete())
    for (name, how, _), (received, seconds) in results.items():
        is_cut_off = received == b""
        if how == "silence" and options.quick:
            is_cut_off = received == "silence"  # the server still waits
        check(is_cut_off, f"{name}, then {how}: {received!r} after {seconds:.1f} s")
        if how == "silence":
            longest = max(longest, seconds)
            early = cases[name][1] - 1
            check(options.quick or seconds >= early, f"{name}: cut off after {seconds:.1f} s")
    return {"connections": len(results), "silent for s at most": round(longest, 1)}


# Resets, and readers that never read.


def fill_page(server):
    """Creates a partition of more than 1 MB. Returns the request for its first page."""
    server.must("CreateTable", table_definition("page", "number"))
    for number in range(110):
        item = {"id": {"S": "a"}, "number": {"N": str(number)}, "text": {"S": "x" * 10_000}}
        server.must("PutItem", {"TableName": "page", "Item": item})
    parameters = {
        "TableName": "page",
        "KeyConditionExpression": "id = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}},
    }
    return json_request("Query", parameters)


def connect_narrow(server):
    """Returns a connection with a small receive buffer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(SECONDS_MAX)
    connection.connect(("127.0.0.1", server.port))
    return connection


def reset(connection):
    """Closes a connection with a reset (RST)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def resets(server, options):
    """Clients reset connections during a response of 1 MB and during a request; others send
    requests and never read. Neither uses more memory on the server than one response per client."""
    request = fill_page(server)
    with Connection(server.port) as connection:
        answer = connection.call(request)
        check(answer.status == 200 and len(answer.body) > 1_000_000, "no page of 1 MB")
    before = server.resident_bytes()
    rounds = 300 if options.quick else 3000
    parts = (0, 1, 100, 10_000, 300_000, 900_000)
    for number in range(rounds):
        connection = connect_narrow(server)
        if number % 4 == 3:
            connection.sendall(request[: len(request) * (number % 7) // 7])
        else:
            connection.sendall(request)
            left = parts[number % len(parts)]
            while left > 0:
                left -= len(connection.recv(min(left, 65536)))
        reset(connection)

    readers, asked = 50, 40
    silent = [connect_narrow(server) for _ in range(readers)]
    for connection in silent:
        connection.setblocking(False)
        try:
            connection.send(request * asked)
        except BlockingIOError:
            pass
    time.sleep(1)
    held = server.descriptors()
    if not options.quick:
        # The server closes them after its timeout.
        wait = SEND_SECONDS_MAX + SWEEP_SECONDS + LATE_SECONDS
        left = server.wait_for_descriptors(held - readers, wait)
        check(left <= held - readers, f"of {held} descriptors {left} are left after {wait} s")
    for connection in silent:
        reset(connection)
    peak = server.peak_bytes()
    # An output buffer doubles as it grows, so 1 MB may need 2 MB, plus one more buffer that is
    # about to be freed.
    limit = before + readers * 4 * MEGABYTE
    check(peak <= limit, f"{readers} readers that never read take {(peak - before) / MEGABYTE} MB")
    return {"resets": rounds, "readers that never read": readers, "asked for MB": readers * asked}


# Many connections.


def many_connections(server, options):
    """2,000 concurrent connections are accepted, and each gets a response, twice."""
    count = 2000
    allow_descriptors(count)
    before = server.descriptors()

    async def ask_all():
        begin = time.monotonic()
        pairs = await asyncio.gather(*(open_connection(server) for _ in range(count)))
        opened = time.monotonic() - begin
        statuses = []
        for _ in range(3):
            statuses += await asyncio.gather(*(ask(*pair) for pair in pairs))
        seconds = time.monotonic() - begin - opened
        descriptors = server.descriptors()
        for _, writer in pairs:
            await close(writer)
        return statuses, opened, seconds, descriptors

    statuses, opened, seconds, descriptors = asyncio.run(ask_all())
    by_status = collections.Counter(map(str, statuses))
    check(by_status == {"200": 3 * count}, f"responses by status: {by_status}")
    # The witness may have no connection for a moment when it reconnects.
    check(descriptors >= before + count - 1, f"{descriptors} descriptors for {count} connections")
    return {
        "connections": count,
        "requests": len(statuses),
        "responses by status": by_status,
        "s to open": round(opened, 2),
        "s to answer": round(seconds, 2),
        "descriptors meanwhile": descriptors,
    }


# Pipelines.


def pipelines(server, options):
    """1,000 pipelined requests on one connection, each reading the write before it, are executed
    and answered in order."""
    server.must("CreateTable", table_definition("pipeline"))
    count, at_once = 1000, 4 if options.quick else 16
    rounds = 2 if options.quick else 10

    def requests_of(name):
        for number in range(count // 2):
            item = {"id": {"S": name}, "number": {"N": str(number)}, "text": {"S": "x" * 100}}
            put = {"TableName": "pipeline", "Item": item}
            get = {"TableName": "pipeline", "Key": {"id": {"S": name}}}
            yield json_request("PutItem", put)
            yield json_request("GetItem", get)

    def run_one(name, failures):
        data = b"".join(requests_of(name))
        try:
            with Connection(server.port) as connection:
                sender = threading.Thread(target=connection.send, args=(data,))
                sender.start()
                for number in range(count // 2):
                    put, get = connection.read_answer(), connection.read_answer()
                    found = json.loads(get.body)["Item"]["number"]["N"]
                    check(put.status == get.status == 200, f"{put.status}, {get.status}")
                    check(found == str(number), f"read {found} in place of {number}")
                sender.join()
        except Exception as error:  # raised again by the thread that waits for this one
            failures.append(f"{name}: {type(error).__name__} {error}")

    failures = []
    for _ in range(rounds):
        threads = [
            threading.Thread(target=run_one, args=(f"connection-{number}", failures))
            for number in range(at_once)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check(not failures, f"out of order or missing: {failures[:3]}")
    return {"requests": rounds * at_once * count, "connections at once": at_once}

"""Clients that behave badly on their connections: slow ones, those that stop half-way, that reset,
never read, or come by the thousand, and one that does not wait for answers."""

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
    operation_headers,
    operation_request,
    table_definition,
)

HEAD_SECONDS_MAX = 30  # from the first byte of a head to its last: server/http/http_limits.h
BODY_SECONDS_MAX = 30  # without a further byte of a body
SEND_SECONDS_MAX = 60  # without taking a further byte of an answer
SWEEP_SECONDS = 2  # each may take as much longer, and a little for a busy machine
LATE_SECONDS = 3


def allow_descriptors(count):
    """Lets this process have `count` connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 100
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def get_request(**headers):
    body = json.dumps({"TableName": "witness", "Key": {"id": {"S": "one"}}}).encode()
    return operation_request("GetItem", body, **headers)


def short_request():
    """Returns a request with the shortest head, so that it is done within the time for heads at a
    byte every 100 ms."""
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
            # By the clock, so that many senders do not become slower than they shall be.
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
    """Hundreds of clients send a byte every 100 ms. Those whose head is there in time are answered,
    the others cut off."""
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
            check(status == 200, f"a slow sender is answered {status} after {seconds:.1f} s")
    check(late < count - slow_count, "this machine is too busy to send a byte in time")
    for status, seconds, _ in results[count - slow_count :]:
        in_time = HEAD_SECONDS_MAX - 1 <= seconds <= HEAD_SECONDS_MAX + SWEEP_SECONDS + LATE_SECONDS
        check(status == "none" and in_time, f"too slow a head: {status} after {seconds:.1f} s")
    return {
        "requests": count,
        "answers by status": collections.Counter(str(status) for status, _, _ in results),
        "senders that were late themselves": late,
        "ms between bytes": round(pause * 1000),
        "s for a head": round(max(head or 0 for _, _, head in results[: count - slow_count]), 1),
    }


# Half requests.


def halves():
    """Returns the beginnings of requests, by what is missing, and how long the server waits."""
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


async def leave_half(server, data, wait, how):
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
    """Requests that never become whole are never answered, and cost a connection for so long only
    as the server waits."""
    count = 20 if options.quick else 50
    cases = halves()
    allow_descriptors(count * len(cases) * 3)

    async def leave_all():
        tasks = {}
        for name, (data, seconds) in cases.items():
            silence = 2 if options.quick else seconds + SWEEP_SECONDS + LATE_SECONDS
            for how, wait in (("close", 0), ("end", SECONDS_MAX), ("silence", silence)):
                for number in range(count):
                    tasks[name, how, number] = leave_half(server, data, wait, how)
        return dict(zip(tasks, await asyncio.gather(*tasks.values())))

    longest = 0
    results = asyncio.run(leave_all())
    for (name, how, _), (received, seconds) in results.items():
        is_cut_off = received == b""
        if how == "silence" and options.quick:
            is_cut_off = received == "silence"  # it still waits
        check(is_cut_off, f"{name}, then {how}: {received!r} after {seconds:.1f} s")
        if how == "silence":
            longest = max(longest, seconds)
            early = cases[name][1] - 1
            check(options.quick or seconds >= early, f"{name}: cut off after {seconds:.1f} s")
    return {"connections": len(results), "silent for s at most": round(longest, 1)}


# Resets, and readers that never read.


def fill_page(server):
    """Makes a partition of more than 1 MB. Returns the request for its first page."""
    server.must("CreateTable", table_definition("page", "number"))
    for number in range(110):
        item = {"id": {"S": "a"}, "number": {"N": str(number)}, "text": {"S": "x" * 10_000}}
        server.must("PutItem", {"TableName": "page", "Item": item})
    parameters = {
        "TableName": "page",
        "KeyConditionExpression": "id = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}},
    }
    return operation_request("Query", json.dumps(parameters).encode())


def connect_narrow(server):
    """Returns a connection that takes little of an answer before it is read."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(SECONDS_MAX)
    connection.connect(("127.0.0.1", server.port))
    return connection


def reset(connection):
    """Ends a connection by a reset in place of a close."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def resets(server, options):
    """Clients reset connections in the middle of an answer of 1 MB and of a request, and others ask
    for more and more and never read: neither costs the server more than an answer's memory each."""
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
        # The server lets go of them by itself.
        wait = SEND_SECONDS_MAX + SWEEP_SECONDS + LATE_SECONDS
        left = server.wait_for_descriptors(held - readers, wait)
        check(left <= held - readers, f"of {held} descriptors {left} are left after {wait} s")
    for connection in silent:
        reset(connection)
    peak = server.peak_bytes()
    # An output buffer doubles as it grows, so that for 1 MB there may be 2, and once more for one
    # that is about to be freed.
    limit = before + readers * 4 * MEGABYTE
    check(peak <= limit, f"{readers} readers that never read take {(peak - before) / MEGABYTE} MB")
    return {"resets": rounds, "readers that never read": readers, "asked for MB": readers * asked}


# Many connections.


def many_connections(server, options):
    """2,000 connections at once: all are accepted, answered, and answered again."""
    count = 2000
    allow_descriptors(count)
    before = server.descriptors()

    async def ask(reader, writer):
        writer.write(get_request())
        return await asyncio.wait_for(read_status(reader), SECONDS_MAX)

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
    check(by_status == {"200": 3 * count}, f"answers by status: {by_status}")
    # One is the witness's, which is between two connections at times.
    check(descriptors >= before + count - 1, f"{descriptors} descriptors for {count} connections")
    return {
        "connections": count,
        "requests": len(statuses),
        "answers by status": by_status,
        "s to open": round(opened, 2),
        "s to answer": round(seconds, 2),
        "descriptors meanwhile": descriptors,
    }


# Pipelines.


def pipelines(server, options):
    """1,000 requests in one go on a connection, each read of which sees the write before it: they
    are carried out and answered in order."""
    server.must("CreateTable", table_definition("pipeline"))
    count, at_once = 1000, 4 if options.quick else 16
    rounds = 2 if options.quick else 10

    def requests_of(name):
        for number in range(count // 2):
            item = {"id": {"S": name}, "number": {"N": str(number)}, "text": {"S": "x" * 100}}
            put = {"TableName": "pipeline", "Item": item}
            get = {"TableName": "pipeline", "Key": {"id": {"S": name}}}
            yield operation_request("PutItem", json.dumps(put).encode())
            yield operation_request("GetItem", json.dumps(get).encode())

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
        except Exception as error:  # of any thread is told by the one that waits for them
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

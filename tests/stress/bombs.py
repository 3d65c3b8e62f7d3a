"""Amounts at the limits: compressed files that inflate to a thousand times their size, as many tables
as DynamoDB allows, and as many connections as the server accepts."""

import asyncio
import collections
import gzip
import pathlib
import tempfile

import raw_http
from connections import allow_descriptors, ask, close, get_request, open_connection
from server import (
    MEGABYTE,
    Connection,
    Server,
    call,
    check,
    cpu_time_ns,
    table_definition,
)

# Beyond the items that an import adds; the second with a record of more than 8 MB.
IMPORT_BYTES_MAX = 64 * MEGABYTE
LARGE_RECORD_BYTES_MAX = 160 * MEGABYTE
IMPORT_SECONDS_MAX = 300
# With its index, its stream and its metrics.
TABLE_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 10_000  # connections_max of server/http/http_limits.h
BATCH = 500
TABLES_MAX = 2500 - 1  # beside that of the other clients


def compressed(path, begin, unit, end, size):
    """Writes a file of `begin`, copies of `unit`, and `end`: `size` bytes before compression."""
    block = unit * max(1, MEGABYTE // len(unit))
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(begin)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(end)


def import_bombs():
    """Returns files by name: the format, begin, unit and end."""
    return {
        "items": ("DYNAMODB_JSON", b"", b'{"Item":{"id":{"S":"a"}}}\n', b""),
        "a long line": ("DYNAMODB_JSON", b'{"Item":{"id":{"S":"', b"x", b""),
        "zeros": ("DYNAMODB_JSON", b"", b"\0", b""),
        "brackets": ("DYNAMODB_JSON", b"", b"[", b""),
        "empty lines": ("DYNAMODB_JSON", b"", b"\n", b""),
        "rows": ("CSV", b"id,a\n", b"a,b\n", b""),
        "columns": ("CSV", b"id", b",a", b""),
        "fields": ("CSV", b"id,a\n", b"a,", b""),
        "an open quote": ("CSV", b'id,a\n"', b"x,\n", b""),
        "quotes": ("CSV", b"id,a\n", b'"', b""),
        "empty rows": ("CSV", b"id,a\n", b"\n", b""),
    }


def large_records():
    """Returns files of one or a few records just below the bound of a record, as import_bombs()."""
    item = b'{"Item":{"id":{"S":"a"},"more":'
    columns = ",".join(["id", *(f"{n:x}" for n in range(1, 200_000))]).encode()
    return {
        "a string": ("DYNAMODB_JSON", item + b'{"S":"', b"x", b'"}}}'),
        "escapes": ("DYNAMODB_JSON", item + b'{"S":"', b"\\u0001", b'"}}}'),
        "elements": ("DYNAMODB_JSON", item + b'{"L":[', b'{"S":""},', b'{"S":""}]}}}'),
        "members": ("DYNAMODB_JSON", item + b"{", b'"":0,', b'"":0}}}'),
        "numbers": ("DYNAMODB_JSON", item + b"[", b"1,", b"1]}}"),
        "many columns": ("CSV", b"id", b",a", b"\na,b\n"),
        "empty columns": ("CSV", b"id", b",", b"\na,b\n"),
        "many fields": ("CSV", b"id,a\n", b"a,", b"\na,b\n"),
        "wide rows": ("CSV", columns + b"\n", b"a" + b"," * 199_999 + b"\n", b""),
        "a long field": ("CSV", b"id,a\na,", b"\1", b"\n"),
        "a long name": ("CSV", b"id,", b"\1", b"\na,b\n"),
    }


def finished_import(server, table, name, file_format):
    """Runs an import. Returns its description."""
    definition = table_definition(table)
    parameters = {
        "S3BucketSource": {"S3Bucket": "bucket", "S3KeyPrefix": name},
        "InputFormat": file_format,
        "InputCompressionType": "GZIP",
        "TableCreationParameters": definition,
    }
    # The answer of ImportTable comes after the import.
    with raw_http.Connection(server.port, seconds_max=IMPORT_SECONDS_MAX) as connection:
        status, answer = call(connection, "ImportTable", parameters)
        check(status == 200, f"{name}: {status} {answer}")
        begun = answer["ImportTableDescription"]
        parameters = {"ImportArn": begun["ImportArn"]}
        _, answer = call(connection, "DescribeImport", parameters)
    described = answer["ImportTableDescription"]
    check(described["ImportStatus"] != "IN_PROGRESS", f"{name}: the import does not end")
    return described


def imports(_, options):
    """An import holds one record of a file at a time, and a record is bounded: a file that inflates
    to a thousand times its size needs no memory of that size, and the import ends. Each has a
    server of its own, because freed memory would be used again."""
    figures, failures = {}, []
    size = (8 if options.quick else 64) * MEGABYTE
    files = [(name, bomb, size, IMPORT_BYTES_MAX) for name, bomb in import_bombs().items()]
    for name, bomb in large_records().items():
        files.append((name, bomb, 15 * MEGABYTE, LARGE_RECORD_BYTES_MAX))
    with tempfile.TemporaryDirectory() as folder:
        bucket = pathlib.Path(folder, "bucket")
        bucket.mkdir()
        for name, (file_format, *parts), size, memory_max in files:
            path = bucket / name.replace(" ", "-")
            compressed(path, *parts, size)
            server = Server("--s3-root", folder)
            try:
                data_before = server.metric("pageturner_memory_bytes")
                resident_before = server.resident_bytes()
                server.reset_peak()
                described = finished_import(server, "imported", path.name, file_format)
                kept = max(0, server.metric("pageturner_memory_bytes") - data_before)
                memory = server.peak_bytes() - resident_before - kept
                figures[name] = (
                    f"{path.stat().st_size // 1024:,} KB, {described['ImportStatus']}, "
                    f"{cpu_time_ns(server.process.pid) / 1e9:.2f} s of CPU, "
                    f"{memory / MEGABYTE:.0f} MB"
                )
                if memory > memory_max:
                    failures.append(f"{name}: {figures[name]}")
            finally:
                server.stop()
            path.unlink()
    check(not failures, "; ".join(failures))
    return figures


def tables(server, options):
    """As many tables as DynamoDB allows, each with a stream and an index: each takes bounded memory, the last one is
    created as fast as the first ones, and after all are deleted their memory is free."""
    count = BATCH if options.quick else TABLES_MAX
    data_before = server.metric("pageturner_memory_bytes")
    resident_before = server.resident_bytes()
    milliseconds = {}
    index = {
        "IndexName": "by-other",
        "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    more = {
        "AttributeDefinitions": [{"AttributeName": "other", "AttributeType": "S"}],
        "GlobalSecondaryIndexes": [index],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    }
    with Connection(server.port) as connection:
        for verb in ("create", "delete"):
            for begin in range(0, count, BATCH):
                cpu_before = cpu_time_ns(server.process.pid)
                for number in range(begin, min(begin + BATCH, count)):
                    name = f"table{number}"
                    if verb == "create":
                        status, answer = call(
                            connection, "CreateTable", table_definition(name, **more)
                        )
                    else:
                        status, answer = call(connection, "DeleteTable", {"TableName": name})
                    check(status == 200, f"{verb} {name}: {status} {answer}")
                taken = (cpu_time_ns(server.process.pid) - cpu_before) / 1e6 / BATCH
                milliseconds.setdefault(verb, []).append(taken)
            if verb == "create":
                resident = server.resident_bytes() - resident_before
    data = server.metric("pageturner_memory_bytes")
    for verb, taken in milliseconds.items():
        # Processor time, so that other load has little effect; the constant is for noise.
        check(
            max(taken) <= 4 * min(taken) + 0.5,
            f"ms to {verb} a table, in batches of {BATCH}: {taken}",
        )
    check(resident <= count * TABLE_BYTES_MAX, f"{count} tables take {resident / MEGABYTE:.0f} MB")
    return {
        "tables": count,
        "KB of each": round(resident / count / 1024, 1),
        "KB of all that were deleted": round((data - data_before) / 1024, 1),
        **{
            f"ms of CPU to {verb} one, first/last {BATCH}": f"{taken[0]:.2f}/{taken[-1]:.2f}"
            for verb, taken in milliseconds.items()
        },
    }


def connection_limit(server, options):
    """As many connections as the server accepts: each gets an answer, a further one is closed, and
    afterwards new ones are accepted. The descriptors of both sides have to be allowed."""
    count = 1000 if options.quick else CONNECTIONS_MAX
    allow_descriptors(count)
    resident_before = server.resident_bytes()

    async def ask_all():
        pairs = []
        for begin in range(0, count - 10, BATCH):
            number = min(BATCH, count - 10 - begin)
            pairs += await asyncio.gather(*(open_connection(server) for _ in range(number)))
        statuses = await asyncio.gather(*(ask(*pair) for pair in pairs))
        resident = server.resident_bytes()
        refused = []
        if not options.quick:  # beyond the limit, beside the connections of the other clients
            further = [await open_connection(server) for _ in range(30)]
            await asyncio.sleep(0.5)
            refused = [reader.at_eof() for reader, _ in further]
            pairs += further
        for _, writer in pairs:
            await close(writer)
        return statuses, resident, sum(refused)

    statuses, resident, refused = asyncio.run(ask_all())
    by_status = collections.Counter(map(str, statuses))
    check(by_status == {"200": count - 10}, f"responses by status: {by_status}")
    if not options.quick:
        check(15 <= refused < 30, f"{refused} of 30 connections beyond the limit are closed")
    with Connection(server.port) as connection:
        check(connection.call(get_request()).status == 200, "no connection is accepted afterwards")
    return {
        "connections": count - 10,
        "closed beyond the limit": refused,
        "KB of each": round((resident - resident_before) / count / 1024, 1),
    }

"""Checks that memory is freed: after large tables are deleted, the data uses no memory, and the
process about as much as before."""

import json
import random

from mixed_load import orders_definition
from server import MEGABYTE, Connection, call, check, json_request

SIZES = (50, 300, 1000, 5000, 20_000, 300_000)
PARTITIONS = 50


def fill(server, table, size, chance):
    """Writes items of mixed sizes up to a total of `size` bytes. Returns their keys."""
    keys = []
    written = 0
    with Connection(server.port) as connection:
        while written < size:
            puts = []
            for _ in range(25):
                length = chance.choice(SIZES)
                key = {
                    "id": {"S": f"partition-{len(keys) % PARTITIONS}"},
                    "number": {"N": str(len(keys))},
                }
                item = {
                    **key,
                    "group": {"S": f"group-{len(keys) % 7}"},
                    "rank": {"N": str(chance.randrange(100))},
                    "text": {"S": "x" * length},
                }
                puts.append({"PutRequest": {"Item": item}})
                keys.append(key)
                written += length
            status, answer = call(connection, "BatchWriteItem", {"RequestItems": {table: puts}})
            check(status == 200, f"BatchWriteItem answers {status} {answer}")
    return keys


def read_all(server, table):
    """Reads the table, page by page."""
    parameters = {"TableName": table}
    count = 0
    with Connection(server.port) as connection:
        while parameters is not None:
            page = json.loads(connection.call(json_request("Scan", parameters)).body)
            count += page["Count"]
            last = page.get("LastEvaluatedKey")
            parameters = last and {"TableName": table, "ExclusiveStartKey": last}
    return count


def delete_some(server, table, keys):
    with Connection(server.port) as connection:
        for begin in range(0, len(keys), 25):
            deletes = [{"DeleteRequest": {"Key": key}} for key in keys[begin : begin + 25]]
            status, answer = call(connection, "BatchWriteItem", {"RequestItems": {table: deletes}})
            check(status == 200, f"BatchWriteItem answers {status} {answer}")


def run(server, options):
    """Fills a table with two indexes, so that each item is stored three times, backs it up, reads
    it, deletes half of its items, and then all. The memory counter of the data must return to its
    old value. The memory of the process is checked after every scenario (stress.py), and
    here after each round too, so that reuse of memory does not hide memory that was not freed."""
    size = (15 if options.quick else 100) * MEGABYTE
    chance = random.Random(options.seed)
    data_before = server.metric("pageturner_memory_bytes")
    resident_before = server.resident_bytes()
    figures = {}
    for number in range(1, 3 if options.quick else 5):
        server.must("CreateTable", {**orders_definition(), "TableName": "large"})
        keys = fill(server, "large", size, chance)
        backup = server.must("CreateBackup", {"TableName": "large", "BackupName": "backup"})
        check(read_all(server, "large") == len(keys), "a scan does not find all items")
        data_full = server.metric("pageturner_memory_bytes")
        resident_full = server.resident_bytes()
        chance.shuffle(keys)
        delete_some(server, "large", keys[: len(keys) // 2])
        server.must("DeleteTable", {"TableName": "large"})
        server.must("DeleteBackup", {"BackupArn": backup["BackupDetails"]["BackupArn"]})
        data = server.metric("pageturner_memory_bytes")
        # Less, if tokens of transactions of another scenario have expired.
        check(data <= data_before, f"the data takes {data:.0f} bytes in place of {data_before:.0f}")
        resident = server.wait_for_level(resident_before)
        figures[f"round {number}, MB of data/RSS full, RSS empty"] = (
            f"{data_full / MEGABYTE:.1f}/{resident_full / MEGABYTE:.1f}, "
            f"{resident / MEGABYTE:.1f}"
        )
    return figures

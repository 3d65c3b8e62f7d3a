"""Where the system has no more memory, requests fail, but the process and its data survive."""

import contextlib
import json
import socket
import time
import unittest

from raw_http import Connection, json_request
from server_process import IS_STAND_IN, ServerProcess

VIRTUAL_KILOBYTES = 60_000
TABLE = {
    "TableName": "full",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TIME_TO_LIVE = {
    "TableName": "full",
    "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires"},
}

# A table whose writes change index entries, an expiry entry and a stream.
INDEXED = {
    "TableName": "indexed",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "group", "AttributeType": "S"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "groups",
            "KeySchema": [
                {"AttributeName": "group", "KeyType": "HASH"},
                {"AttributeName": "id", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
}


def limited_server(kilobytes, *flags):
    """Starts a server whose virtual memory is limited."""
    limit = ("sh", "-c", f'ulimit -v {kilobytes}; exec "$0" "$@"')
    return ServerProcess("--threads", "2", *flags, wrapper=limit)


def status_within(server, seconds):
    """Returns the status of GET /, which is sent again until it is answered."""
    end = time.monotonic() + seconds
    while True:
        try:
            with Connection(server.port, seconds_max=2) as connection:
                return connection.call(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").status
        except (OSError, AssertionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def storm(port, count):
    """Opens connections all at once, sends a request on each, and closes them."""
    request = json_request("ListTables", {})
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(count):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", port))
            sockets.append(one)
        time.sleep(0.3)
        for one in sockets:
            with contextlib.suppress(OSError):
                one.send(request)
        time.sleep(0.5)


class Client:
    """A client of a server that closes connections for lack of memory, and then accepts no further
    ones: `spares` are opened in time."""

    def __init__(self, server, spares=0):
        self._server = server
        self._connection = None
        self._spares = [Connection(server.port, seconds_max=2) for _ in range(spares)]

    def call(self, operation, **parameters):
        """Returns the status of a response and the JSON in it; no status if the connection was
        closed instead."""
        try:
            if self._connection is None:
                self._connection = (
                    self._spares.pop()
                    if self._spares
                    else Connection(self._server.port, seconds_max=2)
                )
            answer = self._connection.call(json_request(operation, parameters))
            return answer.status, json.loads(answer.body) if answer.body else {}
        except (OSError, AssertionError) as failure:
            is_end = str(failure) == "not a status line: b''"
            if isinstance(failure, AssertionError) and not is_end:
                raise
            if self._server.process.poll() is not None:
                raise AssertionError(self._server.stop()) from None
            self.close()
            return None, {}

    def call_until_success(self, operation, **parameters):
        """Repeats a request while the server has no memory for it. Returns the JSON of the
        response."""
        for _ in range(20):
            status, answer = self.call(operation, **parameters)
            # A table may have been deleted by a request whose response found no memory.
            if status == 200 or (operation == "DeleteTable" and status == 400):
                return answer
            time.sleep(0.05)
        raise AssertionError(f"{operation}: {status} {answer}")

    def all_items(self, **parameters):
        """Returns the items of all pages of a Scan, by their ids."""
        items = {}
        start = {}
        while True:
            page = self.call_until_success("Scan", TableName="indexed", **parameters, **start)
            for item in page["Items"]:
                items[item["id"]["S"]] = item
            if "LastEvaluatedKey" not in page:
                return items
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def close(self):
        """Closes the current connection. The next call uses another one."""
        if self._connection is not None:
            self._connection.__exit__()
        self._connection = None

    def close_all(self):
        self.close()
        for spare in self._spares:
            spare.__exit__()


@unittest.skipIf(IS_STAND_IN, "the limit would be that of the script, as in docker/test")
class LackOfMemory(unittest.TestCase):
    def test_full(self):
        """A client writes until nothing fits any more, while the sweep runs, and tries again: what
        was acknowledged can be read, and no lock of a failed write is left."""
        server = limited_server(VIRTUAL_KILOBYTES, "--ttl-sweep-ms", "20")
        self.addCleanup(server.process.kill)
        stored = []
        failures = 0
        with Connection(server.port) as connection:
            for operation, body in (("CreateTable", TABLE), ("UpdateTimeToLive", TIME_TO_LIVE)):
                self.assertEqual(connection.call(json_request(operation, body)).status, 200)
            number = 0
            while failures < 300:
                number += 1
                item = {
                    "id": {"S": str(number)},
                    "expires": {"N": "99999999999"},
                    "text": {"S": "x" * 30_000},
                }
                put = json_request("PutItem", {"TableName": "full", "Item": item})
                statuses = [connection.call(put).status for _ in range(2)]
                failures += statuses.count(500)
                if 200 in statuses:
                    stored.append(str(number))
            self.assertTrue(stored)
            for key in stored:
                get = {"TableName": "full", "Key": {"id": {"S": key}}}
                answer = connection.call(json_request("GetItem", get))
                if answer.status == 200:
                    self.assertIn(b'"Item"', answer.body, key)
        code, _, errors = server.stop()
        self.assertEqual(code, 0)
        self.assertIn("std::bad_alloc", errors)

    def test_whole_data(self):
        """Writes of each kind, pages and the sweep fail for lack of memory, over and over. Then a
        table is deleted, which frees memory: items, index, counts and sweep agree, and hold every
        write that was acknowledged."""
        server = limited_server(70_000, "--ttl-sweep-ms", "20")
        self.addCleanup(server.process.kill)
        client = Client(server, spares=20)
        self.addCleanup(client.close_all)
        for table in (TABLE, INDEXED):
            client.call_until_success("CreateTable", **table)
        client.call_until_success(
            "UpdateTimeToLive",
            TableName="indexed",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
        )
        known = self._write_without_memory(client, self._fill(client))
        client.call_until_success("DeleteTable", TableName="full")
        time.sleep(0.5)  # several sweeps
        items = client.all_items()
        for key, versions in known.items():
            self.assertIn(items.get(key), versions, key)
        self.assertFalse([key for key in items if key.startswith("expired")])
        self.assertEqual(client.all_items(IndexName="groups"), items)
        table = client.call_until_success("DescribeTable", TableName="indexed")["Table"]
        self.assertEqual(table["ItemCount"], len(items))
        index = table["GlobalSecondaryIndexes"][0]
        self.assertEqual(index["ItemCount"], len(items))
        self.assertEqual(index["IndexSizeBytes"], table["TableSizeBytes"])
        code, _, errors = server.stop()
        self.assertEqual(code, 0, errors)
        self.assertIn("std::bad_alloc", errors)

    def _fill(self, client):
        """Fills the table "full" until even small items find no memory. Returns the keys of the
        small ones."""
        number = 0
        stored = []
        for size in (100_000, 10_000, 1_000):
            failures = 0
            while failures < 20:
                number += 1
                item = {"id": {"S": str(number)}, "text": {"S": "x" * size}}
                status, _ = client.call("PutItem", TableName="full", Item=item)
                failures += status != 200
                if size == 1_000 and status == 200:
                    stored.append(str(number))
        return stored

    def _write_without_memory(self, client, fillers):
        """Returns the versions that each item may have: the last acknowledged one, and those of
        later writes that failed, which may have been made all the same."""
        known = {}
        failures = 0
        number = 0

        def write(operation, versions, **parameters):
            nonlocal failures
            status, _ = client.call(operation, **parameters)
            self.assertIn(status, (200, 500, None))
            failures += status != 200
            for key, version in versions.items():
                before = known.get(key, [None])
                known[key] = [version] if status == 200 else [*before, version]

        def item_of(key, expires="9999999999999"):
            return {
                "id": {"S": key},
                "group": {"S": str(number % 7)},
                "expires": {"N": expires},
                # Short, because a request that needs a larger buffer closes the connection.
                "text": {"S": "y" * (number * 37 % 1000)},
            }

        while number < 3000 and failures < 600:
            number += 1
            if number % 10 == 0 and fillers:  # so that one or the other write succeeds
                client.call("DeleteItem", TableName="full", Key={"id": {"S": fillers.pop()}})
            key = str(number % 50)
            other = str((number + 1) % 50)
            item = item_of(key)
            kind = number % 6
            if kind in (0, 1):
                write("PutItem", {key: item}, TableName="indexed", Item=item)
            elif kind == 2:
                write("DeleteItem", {key: None}, TableName="indexed", Key={"id": {"S": key}})
            elif kind == 3:
                second = item_of(other)
                puts = [{"Put": {"TableName": "indexed", "Item": one}} for one in (item, second)]
                write("TransactWriteItems", {key: item, other: second}, TransactItems=puts)
            elif kind == 4:
                # Deleted by the sweep, whether or not this is acknowledged.
                expired = item_of(f"expired {number}", expires=str(int(time.time()) - 100))
                client.call("PutItem", TableName="indexed", Item=expired)
            else:
                status, _ = client.call("Scan", TableName="indexed", IndexName="groups")
                self.assertIn(status, (200, 500, None))
        self.assertTrue(failures)
        return known

    def test_many_connections(self):
        """More connections arrive at once than there is memory for. The server closes some or lets
        them wait, and accepts others when they are gone."""
        for kilobytes in (54_000, 54_500, 55_000, 55_500, 56_000):
            with self.subTest(kilobytes):
                server = limited_server(kilobytes)
                self.addCleanup(server.process.kill)
                storm(server.port, count=800)
                self.assertIsNone(server.process.poll())
                self.assertEqual(status_within(server, seconds=30), 200)
                code, _, errors = server.stop()
                self.assertEqual(code, 0, errors)

    def test_no_memory_for_threads(self):
        """A server that cannot start ends with a line, not by an exception."""
        for kilobytes in (20_000, 30_000, 40_000):
            with self.subTest(kilobytes):
                try:
                    server = limited_server(kilobytes)
                except RuntimeError as failure:
                    self.assertNotIn("terminate called", str(failure))
                    continue
                code, _, errors = server.stop()
                self.assertEqual(code, 0, errors)


if __name__ == "__main__":
    unittest.main()

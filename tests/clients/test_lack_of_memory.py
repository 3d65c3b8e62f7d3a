"""Where the system has no more memory, requests fail, but the process and its data survive."""

import unittest

from raw_http import Connection, json_request
from server_process import ServerProcess

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


class LackOfMemory(unittest.TestCase):
    def test_full(self):
        """A client writes until nothing fits any more, while the sweep runs, and tries again: what
        was acknowledged can be read, and no lock of a failed write is left."""
        limit = ("sh", "-c", f'ulimit -v {VIRTUAL_KILOBYTES}; exec "$0" "$@"')
        server = ServerProcess("--threads", "2", "--ttl-sweep-ms", "20", wrapper=limit)
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

    def test_no_memory_for_threads(self):
        """A server that cannot start ends with a line, not by an exception."""
        for kilobytes in (20_000, 30_000, 40_000):
            with self.subTest(kilobytes):
                limit = ("sh", "-c", f'ulimit -v {kilobytes}; exec "$0" "$@"')
                try:
                    server = ServerProcess("--threads", "2", wrapper=limit)
                except RuntimeError as failure:
                    self.assertNotIn("terminate called", str(failure))
                    continue
                code, _, errors = server.stop()
                self.assertEqual(code, 0, errors)


if __name__ == "__main__":
    unittest.main()

"""The memory of a deleted table is returned to the system, not only to the allocator: a container
that once had a large table does not stay large.

tests/stress has more thorough tests.
"""

import pathlib
import re
import time
import unittest

from raw_http import Connection, operation_request
from server_process import ServerTestCase, find_listener

MEGABYTE = 1024 * 1024
SECONDS_MAX = 15


class FreedMemory(ServerTestCase):
    def test_deleted_table(self):
        client = self.client()
        before = self.server.resident_bytes()
        for name in ("Large", "Small"):
            client.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            )
        # The items are small, so that the allocator takes them from a heap, and items that stay are
        # between them: the allocator by itself only returns free memory at the end of a heap.
        for batch in range(200):
            puts = [
                {"PutRequest": {"Item": {"id": {"S": f"{batch}-{i}"}, "text": {"S": "x" * 20_000}}}}
                for i in range(25)
            ]
            client.batch_write_item(RequestItems={"Large": puts})
            client.put_item(TableName="Small", Item={"id": {"S": str(batch)}})
        self.assertGreater(self.server.resident_bytes(), before + 90 * MEGABYTE)
        client.delete_table(TableName="Large")
        deadline = time.monotonic() + SECONDS_MAX
        while self.server.resident_bytes() > before + 48 * MEGABYTE:
            self.assertLess(time.monotonic(), deadline, f"{self.server.resident_bytes()} bytes resident")
            time.sleep(0.1)


class RequestMemory(ServerTestCase):
    """Many small values in a body must not take much more memory than their text: the bound is in
    docs/security.md."""

    def test_peak(self):
        pid = find_listener(self.server.port)
        zeros = b"0," * (4 * MEGABYTE - 10)
        escapes = b'"\\n",' * (1_600_000)
        names = b'"":0,' * (1_600_000)
        parameters = b'{"S":""},' * 700_000
        key = b",".join(b'"%x":{"S":""}' % number for number in range(500_000))
        for operation, body in (
            ("ListTables", b'{"x":[' + zeros + b"0]}"),
            ("ListTables", b'{"x":[' + escapes + b"0]}"),
            ("ListTables", b'{"x":{' + names + b'"":0}}'),
            ("ListTables", b'{"a":0,"a":' * 120 + b"[" + zeros + b"0]" + b"}" * 120),
            ("GetItem", b'{"TableName":"none","Key":{' + key + b"}}"),
            (
                "ExecuteStatement",
                b'{"Statement":"SELECT * FROM t WHERE a=?","Parameters":[' + parameters + b'{"S":""}]}',
            ),
        ):
            with self.subTest(operation, body=body[:20]):
                pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")  # forgets the peak
                before = self.server.resident_bytes()
                with Connection(self.server.port) as connection:
                    connection.call(operation_request(operation, body))
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                peak = int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024
                self.assertLess(peak - before, 64 * MEGABYTE)


if __name__ == "__main__":
    unittest.main()

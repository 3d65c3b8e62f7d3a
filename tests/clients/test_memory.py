"""Memory that a table took goes back to the system with the table, not only to the allocator: a
container that had a large table once does not stay as large for ever.

What is tried harder is in tests/stress.
"""

import time
import unittest

from server_process import ServerTestCase

MEGABYTE = 1024 * 1024
SECONDS_MAX = 15


class MemoryComesBack(ServerTestCase):
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
        # Items that the allocator takes from a heap and not each from the system, and among them
        # others that stay: it gives back by itself what is free at the end of a heap only.
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


if __name__ == "__main__":
    unittest.main()

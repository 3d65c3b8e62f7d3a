"""The memory of a deleted table is returned to the system, not only to the allocator: a container
that once had a large table does not stay large.

tests/stress has more thorough tests.
"""

import time
import unittest

from server_process import ServerTestCase

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


if __name__ == "__main__":
    unittest.main()

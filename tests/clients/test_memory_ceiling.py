"""--max-memory: a full server rejects writes with errors that clients know, and keeps running.

tests/embedded/memory_ceiling_test.cpp tests what is counted and rejected; this file tests the flag,
the process and the client.
"""

import unittest

from botocore.config import Config

from server_process import ServerTestCase, run_server, settings

MEGABYTE = 1024 * 1024


class MemoryCeiling(ServerTestCase):
    flags = ("--max-memory", "32m")

    def retrying_client(self):
        """Returns a client with default settings, which retries errors as its SDK decides."""
        client = self.session.client(
            "dynamodb", **{**settings(self.server.endpoint), "config": Config(proxies={})}
        )
        self.addCleanup(client.close)
        return client

    def test_full(self):
        """Writes fail at once with an error of its own class; other operations succeed."""
        client = self.retrying_client()
        client.create_table(
            TableName="Full",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )

        def put(key, size=300_000):
            item = {"id": {"S": str(key)}, "text": {"S": "x" * size}}
            return client.put_item(TableName="Full", Item=item)

        with self.assertRaises(client.exceptions.ItemCollectionSizeLimitExceededException) as full:
            for key in range(1000):
                put(key)
        self.assertEqual(key, 32 * MEGABYTE // 300_100)
        answer = full.exception.response
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 0)
        self.assertEqual(
            answer["Error"]["Message"],
            "Collection size exceeded: the data of the emulator has reached the memory ceiling of "
            "33554432 bytes. Delete items, tables or backups to free memory",
        )
        # docs/operations.md says what to leave for the rest of the process.
        self.assertLess(self.server.resident_bytes(), 32 * MEGABYTE + 64 * MEGABYTE)

        with self.assertRaises(client.exceptions.LimitExceededException):
            client.update_table(
                TableName="Full",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                GlobalSecondaryIndexUpdates=[
                    {
                        "Create": {
                            "IndexName": "index",
                            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                            "Projection": {"ProjectionType": "ALL"},
                        }
                    }
                ],
            )
        self.assertEqual(client.describe_table(TableName="Full")["Table"]["ItemCount"], key)
        self.assertIn("Item", client.get_item(TableName="Full", Key={"id": {"S": "0"}}))
        client.delete_item(TableName="Full", Key={"id": {"S": "0"}})
        put("new")
        put("new", 1)

    def test_sizes(self):
        """Sizes have the syntax of Docker; invalid ones are rejected."""
        for size in ("", "0", "-1", "1.5g", "g", "12x", "1 g", "99999999999g", "1gb"):
            ended = run_server("--max-memory", size)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""), size)
            self.assertIn(f"bad --max-memory '{size}'", ended.stderr)


if __name__ == "__main__":
    unittest.main()

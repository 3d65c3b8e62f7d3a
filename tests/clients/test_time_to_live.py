"""Programs keep sessions, locks and caches in tables with time to live and rely on the deletion of
expired items. On AWS it takes up to days, here about a second, so that tests can wait for it."""

import time
import unittest

from botocore.exceptions import ClientError

from server_process import ServerTestCase

SECONDS_TO_EXPIRE_MAX = 20  # on a busy machine; usually about half a second


def create(client, name):
    """Creates a table with an index on the attribute "kind"."""
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "kind", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_kind",
                "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def specification(enabled, attribute="expires"):
    """Returns a TimeToLiveSpecification."""
    return {"AttributeName": attribute, "Enabled": enabled}


def item(key, expires):
    """Returns an item of one kind that expires at `expires`, in seconds since the epoch."""
    return {"id": {"S": key}, "kind": {"S": "session"}, "expires": {"N": str(expires)}}


class TimeToLive(ServerTestCase):
    def ids(self, client, name, **arguments):
        """Returns the keys of all items of the table or of an index."""
        pages = client.get_paginator("scan").paginate(TableName=name, **arguments)
        return {found["id"]["S"] for page in pages for found in page["Items"]}

    def wait_for_ids(self, client, name, expected):
        """Waits until only the expected items are left."""
        end = time.monotonic() + SECONDS_TO_EXPIRE_MAX
        while self.ids(client, name) != expected and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(self.ids(client, name), expected)

    def test_expired_items_are_deleted(self):
        """Existing and later items are deleted after they expire, in the index too."""
        client = self.client()
        create(client, "sessions")
        now = time.time()
        for key, expires in (
            ("before", int(now) - 5),
            ("soon", now + 1.5),
            ("later", int(now) + 3600),
            ("milliseconds", int(now * 1000)),
            ("1975", 157766400),
        ):
            client.put_item(TableName="sessions", Item=item(key, expires))
        answer = client.update_time_to_live(
            TableName="sessions", TimeToLiveSpecification=specification(True)
        )
        self.assertEqual(answer["TimeToLiveSpecification"], specification(True))
        self.assertEqual(
            client.describe_time_to_live(TableName="sessions")["TimeToLiveDescription"],
            {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"},
        )
        client.put_item(TableName="sessions", Item=item("after", int(now) - 1))
        stay = {"later", "milliseconds", "1975"}
        self.wait_for_ids(client, "sessions", stay)
        self.assertGreater(time.time(), now + 1.5)
        self.assertEqual(self.ids(client, "sessions", IndexName="by_kind"), stay)
        self.assertEqual(client.describe_table(TableName="sessions")["Table"]["ItemCount"], 3)

    def test_extended_expiry(self):
        """An item whose expiry is extended in time is kept."""
        client = self.client()
        create(client, "renewed")
        client.update_time_to_live(
            TableName="renewed", TimeToLiveSpecification=specification(True)
        )
        now = int(time.time())
        client.put_item(TableName="renewed", Item=item("renewed", now + 60))
        client.put_item(TableName="renewed", Item=item("gone", now - 60))
        client.update_item(
            TableName="renewed",
            Key={"id": {"S": "renewed"}},
            UpdateExpression="SET expires = expires + :more",
            ExpressionAttributeValues={":more": {"N": "3600"}},
        )
        self.wait_for_ids(client, "renewed", {"renewed"})

    def test_enable_and_disable(self):
        """Enabling twice is an error; disabling and enabling again needs no half hour of
        waiting."""
        client = self.client()
        create(client, "switched")
        for enabled in (True, False, True):
            client.update_time_to_live(
                TableName="switched", TimeToLiveSpecification=specification(enabled)
            )
            with self.assertRaises(ClientError) as caught:
                client.update_time_to_live(
                    TableName="switched", TimeToLiveSpecification=specification(enabled)
                )
            self.assertEqual(
                caught.exception.response["Error"],
                {
                    "Code": "ValidationException",
                    "Message": f"TimeToLive is already {'enabled' if enabled else 'disabled'}",
                },
            )


if __name__ == "__main__":
    unittest.main()

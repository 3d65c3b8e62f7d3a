"""--transition-ms: tables and indexes go through CREATING, UPDATING and DELETING.

It allows tests of client code that waits. Source: api, CreateTable, UpdateTable, DeleteTable, the
waiters of boto3; the texts are recorded responses.
"""

import unittest

from botocore.exceptions import ClientError

from server_process import ServerTestCase

BRIEF = {"Delay": 0.2, "MaxAttempts": 50}


class Transitions(ServerTestCase):
    flags = ("--transition-ms", "700")

    def assert_refused(self, code, text, call, **request):
        with self.assertRaises(ClientError) as raised:
            call(**request)
        self.assertEqual(raised.exception.response["Error"], {"Code": code, "Message": text})

    def test_life_of_a_table(self):
        client = self.client()
        client.create_table(
            TableName="slow",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.assertEqual(self.status(client), "CREATING")
        item = {"id": {"S": "a"}, "g": {"S": "g"}}
        self.assert_refused(
            "ResourceNotFoundException",
            "Requested resource not found",
            client.put_item,
            TableName="slow",
            Item=item,
        )
        self.assert_refused(
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Table is being created: slow",
            client.delete_table,
            TableName="slow",
        )
        client.get_waiter("table_exists").wait(TableName="slow", WaiterConfig=BRIEF)
        client.put_item(TableName="slow", Item=item)

        client.update_table(
            TableName="slow",
            AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[
                {
                    "Create": {
                        "IndexName": "by_g",
                        "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                }
            ],
        )
        self.assertEqual(self.status(client), "UPDATING")
        self.assertEqual(self.index_statuses(client), ["CREATING"])
        self.assert_refused(
            "ValidationException",
            "Cannot read from backfilling global secondary index: by_g",
            client.scan,
            TableName="slow",
            IndexName="by_g",
        )
        self.assert_refused(
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Cannot delete table while indexes "
            "are being created, updated, or deleted.",
            client.delete_table,
            TableName="slow",
        )
        client.get_waiter("table_exists").wait(TableName="slow", WaiterConfig=BRIEF)
        self.assertEqual(self.index_statuses(client), ["ACTIVE"])
        self.assertEqual(client.scan(TableName="slow", IndexName="by_g")["Items"], [item])

        client.update_table(
            TableName="slow",
            GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by_g"}}],
        )
        self.assertEqual(self.index_statuses(client), ["DELETING"])
        client.get_waiter("table_exists").wait(TableName="slow", WaiterConfig=BRIEF)
        self.assertEqual(self.index_statuses(client), [])

        client.delete_table(TableName="slow")
        self.assertEqual(self.status(client), "DELETING")
        self.assertEqual(client.list_tables()["TableNames"], ["slow"])
        # Other changes are rejected meanwhile.
        self.assert_refused(
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Table is being deleted: slow",
            client.tag_resource,
            ResourceArn="arn:aws:dynamodb:us-east-1:000000000000:table/slow",
            Tags=[{"Key": "a", "Value": "b"}],
        )
        client.get_waiter("table_not_exists").wait(TableName="slow", WaiterConfig=BRIEF)
        self.assertEqual(client.list_tables()["TableNames"], [])

    def status(self, client):
        return client.describe_table(TableName="slow")["Table"]["TableStatus"]

    def index_statuses(self, client):
        table = client.describe_table(TableName="slow")["Table"]
        return [index["IndexStatus"] for index in table.get("GlobalSecondaryIndexes", [])]


if __name__ == "__main__":
    unittest.main()

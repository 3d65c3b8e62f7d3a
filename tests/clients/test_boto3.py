"""Most Python programs use boto3, which relies on details of the responses.

It retries, waits, follows pages and decodes by itself, based on error codes, table states, keys and
type names. The tests use it unchanged, as programs do, and check its results.
"""

import unittest
from decimal import Decimal

from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError, WaiterError

from server_process import ServerTestCase
from tables import definition
from wire import Recorder


class TableState(ServerTestCase):
    def test_create_wait_delete(self):
        """Waiters end with their first request, since tables are created and deleted at once."""
        recorder = Recorder()
        client = recorder.attach(self.client())
        created = client.create_table(**definition("life"))["TableDescription"]
        self.assertEqual(created["TableName"], "life")
        client.get_waiter("table_exists").wait(TableName="life")
        table = client.describe_table(TableName="life")["Table"]
        self.assertEqual(table["TableStatus"], "ACTIVE")
        self.assertEqual(table["KeySchema"], definition("life")["KeySchema"])
        self.assertEqual(
            table["AttributeDefinitions"], definition("life")["AttributeDefinitions"]
        )
        self.assertEqual(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
        self.assertEqual((table["ItemCount"], table["TableSizeBytes"]), (0, 0))
        self.assertEqual(table["CreationDateTime"], created["CreationDateTime"])
        self.assertEqual(table["TableId"], created["TableId"])

        deleted = client.delete_table(TableName="life")["TableDescription"]
        self.assertEqual(deleted["TableStatus"], "DELETING")
        client.get_waiter("table_not_exists").wait(TableName="life")
        self.assertEqual(
            [exchange.operation for exchange in recorder.exchanges],
            [
                "CreateTable",
                "DescribeTable",
                "DescribeTable",
                "DeleteTable",
                "DescribeTable",
            ],
        )

    def test_waiters_do_wait(self):
        """A waiter for a state that is never reached gives up, and accepts no other response."""
        client = self.client()
        client.create_table(**definition("waited_for"))
        brief = {"Delay": 0, "MaxAttempts": 2}
        with self.assertRaises(WaiterError):
            client.get_waiter("table_exists").wait(TableName="absent", WaiterConfig=brief)
        with self.assertRaises(WaiterError):
            client.get_waiter("table_not_exists").wait(
                TableName="waited_for", WaiterConfig=brief
            )

    def test_name_is_free_again(self):
        """Tests delete a table and create it again at once: it must then be empty."""
        table = self.resource().create_table(**definition("again"))
        table.put_item(Item={"id": "a"})
        table.delete()
        table = self.resource().create_table(**definition("again"))
        self.assertEqual(table.scan()["Items"], [])

    def test_regions_and_keys_share_tables(self):
        """A table is visible in every region and with every access key; its ARN has the client's
        region.

        Separate tables per region or key cost users hours of debugging, see docs/differences.md.
        """
        first = self.client(region="eu-west-1", access_key="first")
        second = self.client(region="ap-southeast-2", access_key="second")
        created = first.create_table(**definition("shared"))["TableDescription"]
        self.assertEqual(
            created["TableArn"], "arn:aws:dynamodb:eu-west-1:000000000000:table/shared"
        )
        first.put_item(TableName="shared", Item={"id": {"S": "a"}})
        table = second.describe_table(TableName="shared")["Table"]
        self.assertEqual(
            table["TableArn"], "arn:aws:dynamodb:ap-southeast-2:000000000000:table/shared"
        )
        self.assertEqual(table["TableId"], created["TableId"])
        self.assertEqual(second.scan(TableName="shared")["Items"], [{"id": {"S": "a"}}])
        self.assertIn("shared", second.list_tables()["TableNames"])

    def test_arn_for_a_name(self):
        """A table's ARN, of any region, is accepted instead of its name."""
        client = self.client()
        client.create_table(**definition("by_arn"))
        arn = "arn:aws:dynamodb:eu-central-1:000000000000:table/by_arn"
        client.put_item(TableName=arn, Item={"id": {"S": "a"}})
        self.assertEqual(client.scan(TableName="by_arn")["Count"], 1)


class Errors(ServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dynamodb = cls.client()
        cls.dynamodb.create_table(**definition("errors"))
        cls.dynamodb.put_item(TableName="errors", Item={"id": {"S": "there"}, "number": {"N": "1"}})

    def check_error(self, code, message, call, **arguments):
        """Checks that the call fails with the code, the message and status 400."""
        with self.assertRaises(ClientError) as failed:
            call(**arguments)
        response = failed.exception.response
        self.assertEqual(response["Error"]["Code"], code)
        self.assertEqual(response["Error"]["Message"], message)
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertRegex(response["ResponseMetadata"]["RequestId"], r"\A[0-9A-Z]{52}\Z")
        return failed.exception

    def test_conditional_check_failed(self):
        """A failed condition is an error of its own class, which programs catch."""
        failed = self.check_error(
            "ConditionalCheckFailedException",
            "The conditional request failed",
            self.dynamodb.put_item,
            TableName="errors",
            Item={"id": {"S": "there"}, "number": {"N": "2"}},
            ConditionExpression="attribute_not_exists(id)",
        )
        self.assertIsInstance(failed, self.dynamodb.exceptions.ConditionalCheckFailedException)
        self.check_error(
            "ConditionalCheckFailedException",
            "The conditional request failed",
            self.dynamodb.delete_item,
            TableName="errors",
            Key={"id": {"S": "there"}},
            ConditionExpression="#n > :one",
            ExpressionAttributeNames={"#n": "number"},
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        stored = self.dynamodb.get_item(TableName="errors", Key={"id": {"S": "there"}})
        self.assertEqual(stored["Item"], {"id": {"S": "there"}, "number": {"N": "1"}})

    def test_resource_not_found(self):
        """An unknown table is an error of its own class; item operations omit the name."""
        described = "Requested resource not found: Table: absent not found"
        plain = "Requested resource not found"
        key = {"id": {"S": "a"}}
        client = self.dynamodb
        for message, call, arguments in (
            (described, client.describe_table, {}),
            (described, client.delete_table, {}),
            (plain, client.get_item, {"Key": key}),
            (plain, client.put_item, {"Item": key}),
            (plain, client.delete_item, {"Key": key}),
            (plain, client.scan, {}),
            (
                plain,
                client.query,
                {
                    "KeyConditionExpression": "id = :id",
                    "ExpressionAttributeValues": {":id": {"S": "a"}},
                },
            ),
        ):
            with self.subTest(call.__name__):
                failed = self.check_error(
                    "ResourceNotFoundException", message, call, TableName="absent", **arguments
                )
                self.assertIsInstance(failed, client.exceptions.ResourceNotFoundException)

    def test_resource_in_use(self):
        """Creating an existing table fails and does not change it."""
        failed = self.check_error(
            "ResourceInUseException",
            "Table already exists: errors",
            self.dynamodb.create_table,
            **definition("errors"),
        )
        self.assertIsInstance(failed, self.dynamodb.exceptions.ResourceInUseException)
        self.assertEqual(self.dynamodb.scan(TableName="errors")["Count"], 1)

    def test_validation(self):
        """Errors that boto3 cannot detect have the service's texts, which users search for."""
        client = self.dynamodb
        for message, call, arguments in (
            (
                "The provided key element does not match the schema",
                client.get_item,
                {"Key": {"id": {"N": "1"}}},
            ),
            (
                "The provided key element does not match the schema",
                client.get_item,
                {"Key": {"identifier": {"S": "1"}}},
            ),
            (
                "One or more parameter values were invalid: Missing the key id in the item",
                client.put_item,
                {"Item": {"number": {"N": "1"}}},
            ),
            (
                "Query condition missed key schema element: id",
                client.query,
                {
                    "KeyConditionExpression": "sibling = :a",
                    "ExpressionAttributeValues": {":a": {"S": "a"}},
                },
            ),
            (
                "Invalid FilterExpression: Attribute name is a reserved keyword; "
                "reserved keyword: name",
                client.scan,
                {
                    "FilterExpression": "name = :a",
                    "ExpressionAttributeValues": {":a": {"S": "a"}},
                },
            ),
            (
                "The table does not have the specified index: no_such_index",
                client.scan,
                {"IndexName": "no_such_index"},
            ),
            (
                "Supplied AttributeValue has more than one datatypes set, must contain exactly "
                "one of the supported datatypes",
                client.get_item,
                {"Key": {"id": {"S": "a", "N": "1"}}},
            ),
        ):
            with self.subTest(message, call=call.__name__):
                self.check_error(
                    "ValidationException", message, call, TableName="errors", **arguments
                )


class Values(ServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.resource().create_table(**definition("values"))

    def assert_same(self, actual, expected):
        """Checks values and their Python types, which distinguish S from B and lists from sets."""
        self.assertIs(type(actual), type(expected))
        self.assertEqual(actual, expected)
        if isinstance(expected, dict):
            for name, value in expected.items():
                self.assert_same(actual[name], value)
        elif isinstance(expected, list):
            for actual_element, element in zip(actual, expected):
                self.assert_same(actual_element, element)

    def test_round_trip(self):
        """An item with every type is read unchanged by each read operation."""
        item = {
            "id": "round trip",
            "text": "Zoë said “no” \\ \t\n\u0001 \U0001f600",
            "no text": "",
            "number": Decimal("-1234.5678"),
            "smallest": Decimal("1E-130"),
            "digits": Decimal("12345678901234567890123456789012345678"),
            "zero": Decimal("0"),
            "binary": Binary(bytes(range(256))),
            "no bytes": Binary(b""),
            "yes": True,
            "no": False,
            "nothing": None,
            "texts": {"a", "b", "ä"},
            "numbers": {Decimal("1"), Decimal("-2.5"), Decimal("1000000")},
            "binaries": {Binary(b"\x00"), Binary(b"\xff\xfe")},
            "list": ["a", Decimal("1"), [], {}, None, [True, {"deep": [Binary(b"x")]}]],
            "map": {"a": {"b": {"c": Decimal("3")}}, "empty": {}, " ": "blank name"},
        }
        self.table.put_item(Item=item)
        self.assert_same(self.table.get_item(Key={"id": "round trip"})["Item"], item)
        self.assert_same(
            self.table.query(KeyConditionExpression=Key("id").eq("round trip"))["Items"], [item]
        )
        scanned = self.table.scan(FilterExpression=Attr("texts").contains("ä"))["Items"]
        self.assert_same(scanned, [item])

    def test_largest_numbers(self):
        """Numbers of more than 38 digits are returned with all their zeros.

        The resource cannot read them from the live service either: boto3 issue 2500, which shows
        the service's response for 1E+100.
        """
        dynamodb = self.client()
        dynamodb.put_item(
            TableName=self.table.name,
            Item={
                "id": {"S": "largest"},
                "large": {"N": "1E+100"},
                "largest": {"N": "-9.9999999999999999999999999999999999999E+125"},
            },
        )
        self.assertEqual(
            dynamodb.get_item(TableName=self.table.name, Key={"id": {"S": "largest"}})["Item"],
            {
                "id": {"S": "largest"},
                "large": {"N": "1" + "0" * 100},
                "largest": {"N": "-" + "9" * 38 + "0" * 88},
            },
        )

    def test_old_item(self):
        """Put and delete return the old item, or nothing if there was none."""
        first = {"id": "old", "tags": {"a"}, "count": Decimal("1")}
        second = {"id": "old", "list": [None]}
        put = self.table.put_item
        self.assertNotIn("Attributes", put(Item=first, ReturnValues="ALL_OLD"))
        self.assert_same(put(Item=second, ReturnValues="ALL_OLD")["Attributes"], first)
        delete = self.table.delete_item
        key = {"id": "old"}
        self.assert_same(delete(Key=key, ReturnValues="ALL_OLD")["Attributes"], second)
        self.assertNotIn("Attributes", delete(Key=key, ReturnValues="ALL_OLD"))
        self.assertNotIn("Item", self.table.get_item(Key=key))

    def test_projection(self):
        """A projection selects parts of maps and lists, and omits absent ones."""
        self.table.put_item(
            Item={"id": "projected", "list": ["a", "b", "c"], "map": {"a": 1, "b": 2}, "x": 1}
        )
        answer = self.table.get_item(
            Key={"id": "projected"},
            ProjectionExpression="#l[2], #l[0], #m.b, absent",
            ExpressionAttributeNames={"#l": "list", "#m": "map"},
        )
        self.assert_same(answer["Item"], {"list": ["a", "c"], "map": {"b": Decimal("2")}})


class Batches(ServerTestCase):
    def test_batch_writer(self):
        """The batch writer sends 25 at a time, the last of duplicate keys, and retries nothing."""
        resource = self.resource()
        recorder = Recorder()
        recorder.attach(resource.meta.client)
        table = resource.create_table(**definition("written", sort_key="at"))
        with table.batch_writer(overwrite_by_pkeys=["id", "at"]) as batch:
            for number in range(60):
                batch.put_item(Item={"id": "a", "at": f"{number:02}", "round": 1})
            batch.put_item(Item={"id": "a", "at": "59", "round": 2})
            batch.delete_item(Key={"id": "a", "at": "00"})
        writes = recorder.of("BatchWriteItem")
        self.assertEqual(
            [len(write.request["RequestItems"]["written"]) for write in writes], [25, 25, 11]
        )
        self.assertEqual([write.answer for write in writes], [{"UnprocessedItems": {}}] * 3)
        items = table.scan()["Items"]
        self.assertEqual([item["at"] for item in items], [f"{n:02}" for n in range(1, 60)])
        self.assertEqual([int(item["round"]) for item in items], [1] * 58 + [2])

    def test_batch_get(self):
        """A batch get returns all items by table, and omits absent ones."""
        resource = self.resource()
        first = resource.create_table(**definition("first_batch"))
        second = resource.create_table(**definition("second_batch", sort_key="at"))
        for number in range(60):
            first.put_item(Item={"id": str(number), "number": number})
        second.put_item(Item={"id": "a", "at": "b", "text": "c"})
        answer = resource.batch_get_item(
            RequestItems={
                "first_batch": {
                    "Keys": [{"id": str(number)} for number in range(55, 65)],
                    "ConsistentRead": True,
                },
                "second_batch": {
                    "Keys": [{"id": "a", "at": "b"}],
                    "ProjectionExpression": "#t",
                    "ExpressionAttributeNames": {"#t": "text"},
                },
            }
        )
        self.assertEqual(answer["UnprocessedKeys"], {})
        found = answer["Responses"]["first_batch"]
        self.assertEqual(
            sorted((item["id"], int(item["number"])) for item in found),
            [(str(number), number) for number in range(55, 60)],
        )
        self.assertEqual(answer["Responses"]["second_batch"], [{"text": "c"}])


if __name__ == "__main__":
    unittest.main()

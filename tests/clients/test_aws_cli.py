"""Users try a server with the AWS CLI, and scripts check its exit codes.

Each test runs the real program. One call takes most of a second, nearly all of it Python's start,
so there are few calls, and boto3 writes the data that they read.
"""

import json
import re
import subprocess
import unittest

from server_process import ServerTestCase, client_environment, find_aws_cli

EXIT_SUCCESS = 0
EXIT_SERVICE_ERROR = 254  # from the CLI's guide: the service returned an error


class CommandLineTestCase(ServerTestCase):
    def run_cli(self, *arguments, **environment):
        """Runs `aws dynamodb` with the arguments against the server, with any exit code."""
        return subprocess.run(
            [find_aws_cli(), "--endpoint-url", self.server.endpoint, "dynamodb", *arguments],
            env=client_environment(**environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def call(self, *arguments):
        """Runs `aws dynamodb`, which must succeed. Returns its output, decoded, or None."""
        ended = self.run_cli("--output", "json", *arguments)
        self.assertEqual((ended.returncode, ended.stderr), (EXIT_SUCCESS, ""))
        return json.loads(ended.stdout) if ended.stdout else None

    def check_failure(self, message, *arguments):
        """Runs `aws dynamodb`, which must fail with exactly this message.

        The CLI may retry here and would print that; the error must not cause a retry.
        """
        ended = self.run_cli(*arguments, AWS_MAX_ATTEMPTS="3")
        self.assertEqual(ended.returncode, EXIT_SERVICE_ERROR)
        self.assertEqual(ended.stdout, "")
        self.assertEqual(ended.stderr.strip(), message)


class Tables(CommandLineTestCase):
    def test_create_wait_describe_delete(self):
        """The first steps of a new user: create a table, wait for it, describe it, delete it."""
        created = self.call(
            "create-table",
            "--table-name",
            "Music",
            "--attribute-definitions",
            "AttributeName=Artist,AttributeType=S",
            "AttributeName=Year,AttributeType=N",
            "--key-schema",
            "AttributeName=Artist,KeyType=HASH",
            "AttributeName=Year,KeyType=RANGE",
            "--provisioned-throughput",
            "ReadCapacityUnits=5,WriteCapacityUnits=6",
        )["TableDescription"]
        self.assertIsNone(self.call("wait", "table-exists", "--table-name", "Music"))
        table = self.call("describe-table", "--table-name", "Music")["Table"]
        self.assertEqual(table["TableStatus"], "ACTIVE")
        self.assertEqual(table["TableId"], created["TableId"])
        self.assertEqual(
            table["TableArn"], "arn:aws:dynamodb:us-east-1:000000000000:table/Music"
        )
        self.assertEqual(
            table["KeySchema"],
            [
                {"AttributeName": "Artist", "KeyType": "HASH"},
                {"AttributeName": "Year", "KeyType": "RANGE"},
            ],
        )
        self.assertEqual(
            table["AttributeDefinitions"],
            [
                {"AttributeName": "Artist", "AttributeType": "S"},
                {"AttributeName": "Year", "AttributeType": "N"},
            ],
        )
        self.assertEqual(
            table["ProvisionedThroughput"],
            {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
        )
        deleted = self.call("delete-table", "--table-name", "Music")["TableDescription"]
        self.assertEqual(deleted["TableStatus"], "DELETING")
        self.check_failure(
            "An error occurred (ResourceNotFoundException) when calling the DescribeTable "
            "operation: Requested resource not found: Table: Music not found",
            "describe-table",
            "--table-name",
            "Music",
        )


class ListOfTables(CommandLineTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        client = cls.client()
        cls.names = [f"table_{number}" for number in range(5)]
        for name in cls.names:
            client.create_table(
                TableName=name,
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                BillingMode="PAY_PER_REQUEST",
            )

    def test_page_size(self):
        """Pages of two are merged into one list."""
        self.assertEqual(
            self.call("list-tables", "--page-size", "2"), {"TableNames": self.names}
        )

    def test_max_items(self):
        """A truncated list continues after its last name, also within a page."""
        first = self.call("list-tables", "--page-size", "2", "--max-items", "3")
        self.assertEqual(first["TableNames"], self.names[:3])
        second = self.call("list-tables", "--starting-token", first["NextToken"])
        self.assertEqual(second, {"TableNames": self.names[3:]})


class Items(CommandLineTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dynamodb = cls.client()
        for name in ("single", "batch"):
            cls.dynamodb.create_table(
                TableName=name,
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                BillingMode="PAY_PER_REQUEST",
            )

    def test_put_get_delete(self):
        """An item is written, read and deleted; a failed condition sets the exit code."""
        item = {
            "id": {"S": "a"},
            "bytes": {"B": "AAH/"},
            "tags": {"SS": ["x", "y"]},
            "nested": {"M": {"list": {"L": [{"N": "1.5"}, {"BOOL": False}, {"NULL": True}]}}},
        }
        put = ["put-item", "--table-name", "single", "--item", json.dumps(item)]
        key = ["--table-name", "single", "--key", '{"id": {"S": "a"}}']
        self.assertIsNone(self.call(*put))
        self.assertEqual(self.call("get-item", *key), {"Item": item})
        self.check_failure(
            "An error occurred (ConditionalCheckFailedException) when calling the PutItem "
            "operation: The conditional request failed",
            *put,
            "--condition-expression",
            "attribute_not_exists(id)",
        )
        self.assertEqual(
            self.call("delete-item", *key, "--return-values", "ALL_OLD"), {"Attributes": item}
        )
        self.assertIsNone(self.call("get-item", *key))

    def test_batches(self):
        """Batches write and read several items; one batch may have puts and deletes."""
        self.dynamodb.put_item(TableName="batch", Item={"id": {"S": "old"}})
        written = self.call(
            "batch-write-item",
            "--request-items",
            json.dumps(
                {
                    "batch": [
                        {"PutRequest": {"Item": {"id": {"S": "a"}, "n": {"N": "1"}}}},
                        {"PutRequest": {"Item": {"id": {"S": "b"}, "n": {"N": "2"}}}},
                        {"DeleteRequest": {"Key": {"id": {"S": "old"}}}},
                    ]
                }
            ),
        )
        self.assertEqual(written, {"UnprocessedItems": {}})
        keys = [{"id": {"S": name}} for name in ("a", "b", "old")]
        read = self.call(
            "batch-get-item", "--request-items", json.dumps({"batch": {"Keys": keys}})
        )
        self.assertEqual(read["UnprocessedKeys"], {})
        self.assertEqual(
            sorted(read["Responses"]["batch"], key=lambda item: item["id"]["S"]),
            [{"id": {"S": "a"}, "n": {"N": "1"}}, {"id": {"S": "b"}, "n": {"N": "2"}}],
        )


class Pages(CommandLineTestCase):
    """The merged output of the CLI must be the same as for one large page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        client = cls.client()
        client.create_table(
            TableName="pages",
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "ordinal", "AttributeType": "N"},
            ],
            KeySchema=[
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "ordinal", "KeyType": "RANGE"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        for partition in ("a", "b"):
            for number in range(10):
                client.put_item(
                    TableName="pages",
                    Item={"id": {"S": partition}, "ordinal": {"N": str(number)}},
                )

    query = [
        "query",
        "--table-name",
        "pages",
        "--key-condition-expression",
        "id = :id",
        "--expression-attribute-values",
        '{":id": {"S": "a"}}',
    ]
    scan = ["scan", "--table-name", "pages"]

    @staticmethod
    def keys(answer):
        return [(item["id"]["S"], int(item["ordinal"]["N"])) for item in answer["Items"]]

    def test_query_page_size(self):
        """--page-size 4 sends three requests for 10 items, and prints all of them."""
        ended = self.run_cli(*self.query, "--page-size", "4", "--output", "json", "--debug")
        self.assertEqual(ended.returncode, EXIT_SUCCESS)
        answer = json.loads(ended.stdout)
        self.assertEqual(self.keys(answer), [("a", number) for number in range(10)])
        self.assertEqual((answer["Count"], answer["ScannedCount"]), (10, 10))
        counts = re.findall(r'Response body:\s+b.*"Count":(\d+)', ended.stderr)
        self.assertEqual(counts, ["4", "4", "2"])

    def test_query_max_items(self):
        """--max-items 6 ends within the second page of 4; its token continues at the next item."""
        paged = [*self.query, "--page-size", "4"]
        first = self.call(*paged, "--max-items", "6")
        self.assertEqual(self.keys(first), [("a", number) for number in range(6)])
        second = self.call(*paged, "--starting-token", first["NextToken"])
        self.assertEqual(self.keys(second), [("a", number) for number in range(6, 10)])
        self.assertNotIn("NextToken", second)

    def test_scan_page_size(self):
        """A scan in pages of 3 prints the whole table, with the sums of the counts of all pages."""
        answer = self.call(*self.scan, "--page-size", "3")
        self.assertEqual(
            sorted(self.keys(answer)), [(name, n) for name in ("a", "b") for n in range(10)]
        )
        self.assertEqual((answer["Count"], answer["ScannedCount"]), (20, 20))

    def test_scan_max_items(self):
        """A truncated scan continues at the next item."""
        paged = [*self.scan, "--page-size", "5"]
        first = self.call(*paged, "--max-items", "8")
        second = self.call(*paged, "--starting-token", first["NextToken"])
        self.assertEqual(len(self.keys(first)), 8)
        self.assertEqual(
            sorted(self.keys(first) + self.keys(second)),
            [(name, n) for name in ("a", "b") for n in range(10)],
        )

    def test_scan_count(self):
        """A count uses the same pages: Count and ScannedCount are summed up."""
        answer = self.call(
            *self.scan,
            "--page-size",
            "3",
            "--select",
            "COUNT",
            "--filter-expression",
            "ordinal < :three",
            "--expression-attribute-values",
            '{":three": {"N": "3"}}',
        )
        self.assertEqual((answer["Count"], answer["ScannedCount"]), (6, 20))
        self.assertFalse(answer.get("Items"))


class Account(CommandLineTestCase):
    def test_describe_limits(self):
        """The limits are the default quotas of an account (guide: quotas in DynamoDB)."""
        self.assertEqual(
            self.call("describe-limits"),
            {
                "AccountMaxReadCapacityUnits": 80000,
                "AccountMaxWriteCapacityUnits": 80000,
                "TableMaxReadCapacityUnits": 40000,
                "TableMaxWriteCapacityUnits": 40000,
            },
        )

    def test_describe_endpoints(self):
        """A client with endpoint discovery gets the address it has used, not that of AWS."""
        self.assertEqual(
            self.call("describe-endpoints"),
            {
                "Endpoints": [
                    {"Address": f"127.0.0.1:{self.server.port}", "CachePeriodInMinutes": 1440}
                ]
            },
        )


if __name__ == "__main__":
    unittest.main()

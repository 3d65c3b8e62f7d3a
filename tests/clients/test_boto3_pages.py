"""boto3 builds conditions with placeholders and follows pages by itself, using keys and counts.

The tests use its conditions and paginators as programs do, and check the results.
"""

import unittest

from boto3.dynamodb.conditions import Attr, Key

from server_process import ServerTestCase
from tables import definition
from wire import Recorder


class Conditions(ServerTestCase):
    """Key and Attr build expressions with generated placeholders: each kind is tested once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.resource().create_table(**definition("conditions", sort_key="at"))
        with cls.table.batch_writer() as batch:
            for number in range(10):
                item = {"id": "a", "at": f"0{number}", "number": number, "tags": {f"t{number}"}}
                if number % 2:
                    item["odd"] = {"name": "x" * number}
                batch.put_item(Item=item)
            batch.put_item(Item={"id": "b", "at": "00"})

    def numbers(self, **arguments):
        return [int(item["number"]) for item in self.table.query(**arguments)["Items"]]

    def test_key_conditions(self):
        """Every kind of key condition returns its range, in both directions."""
        partition = Key("id").eq("a")
        for sort, expected in (
            (Key("at").eq("04"), [4]),
            (Key("at").lt("03"), [0, 1, 2]),
            (Key("at").lte("03"), [0, 1, 2, 3]),
            (Key("at").gt("07"), [8, 9]),
            (Key("at").gte("07"), [7, 8, 9]),
            (Key("at").between("03", "05"), [3, 4, 5]),
            (Key("at").begins_with("0"), list(range(10))),
            (Key("at").begins_with("09"), [9]),
            (Key("at").begins_with("1"), []),
        ):
            with self.subTest(condition=sort.expression_operator, values=sort.get_expression()):
                condition = partition & sort
                self.assertEqual(self.numbers(KeyConditionExpression=condition), expected)
                self.assertEqual(
                    self.numbers(KeyConditionExpression=condition, ScanIndexForward=False),
                    expected[::-1],
                )

    def test_filters(self):
        """Every kind of filter returns the right items, and ScannedCount counts all."""
        for condition, expected in (
            (Attr("number").eq(3), [3]),
            (Attr("number").ne(3), [0, 1, 2, 4, 5, 6, 7, 8, 9]),
            (Attr("number").lt(2), [0, 1]),
            (Attr("number").lte(2), [0, 1, 2]),
            (Attr("number").gt(8), [9]),
            (Attr("number").gte(8), [8, 9]),
            (Attr("number").between(4, 6), [4, 5, 6]),
            (Attr("number").is_in([1, 8, 11]), [1, 8]),
            (Attr("odd").exists(), [1, 3, 5, 7, 9]),
            (Attr("odd").not_exists(), [0, 2, 4, 6, 8]),
            (Attr("odd.name").begins_with("xxxx"), [5, 7, 9]),
            (Attr("odd.name").size().gt(5), [7, 9]),
            (Attr("tags").contains("t6"), [6]),
            (Attr("tags").attribute_type("SS"), list(range(10))),
            (Attr("number").lt(5) & Attr("odd").exists(), [1, 3]),
            (Attr("number").lt(2) | Attr("number").gt(7), [0, 1, 8, 9]),
            (~Attr("number").lt(8), [8, 9]),
            (~(Attr("odd").exists() | Attr("number").lt(5)), [6, 8]),
        ):
            with self.subTest(expected=expected, operator=condition.expression_operator):
                answer = self.table.query(
                    KeyConditionExpression=Key("id").eq("a"), FilterExpression=condition
                )
                found = [int(item["number"]) for item in answer["Items"]]
                self.assertEqual(found, expected)
                self.assertEqual((answer["Count"], answer["ScannedCount"]), (len(expected), 10))

    def test_condition_on_a_write(self):
        """The same objects work as the condition of a write."""
        item = {"id": "c", "at": "00", "version": 1}
        self.table.put_item(Item=item, ConditionExpression=Attr("id").not_exists())
        newer = {**item, "version": 2}
        self.table.put_item(Item=newer, ConditionExpression=Attr("version").eq(1))
        with self.assertRaises(
            self.table.meta.client.exceptions.ConditionalCheckFailedException
        ):
            self.table.put_item(Item=newer, ConditionExpression=Attr("version").eq(1))
        self.table.delete_item(
            Key={"id": "c", "at": "00"}, ConditionExpression=Attr("version").eq(2)
        )


class Paginators(ServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recorder = Recorder()
        cls.dynamodb = cls.recorder.attach(cls.client())
        cls.table = cls.resource().create_table(**definition("pages", sort_key="at"))
        with cls.table.batch_writer() as batch:
            for partition in ("a", "b", "c"):
                for number in range(20):
                    batch.put_item(Item={"id": partition, "at": f"{number:02}", "n": number})

    def setUp(self):
        self.recorder.exchanges.clear()

    def query_pages(self, pagination, **arguments):
        return self.dynamodb.get_paginator("query").paginate(
            TableName="pages",
            KeyConditionExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": "b"}},
            PaginationConfig=pagination,
            **arguments,
        )

    def test_query_pages(self):
        """PageSize is sent as Limit and pages are followed: 7, 7 and 6 of 20, in both
        directions."""
        for forward in (True, False):
            with self.subTest(forward=forward):
                pages = list(self.query_pages({"PageSize": 7}, ScanIndexForward=forward))
                self.assertEqual([page["Count"] for page in pages], [7, 7, 6])
                seen = [item["at"]["S"] for page in pages for item in page["Items"]]
                expected = [f"{number:02}" for number in range(20)]
                self.assertEqual(seen, expected if forward else expected[::-1])
        queries = self.recorder.of("Query")
        self.assertEqual([query.request["Limit"] for query in queries], [7] * 6)
        self.assertEqual(
            [query.request.get("ExclusiveStartKey") for query in queries],
            [
                None,
                {"id": {"S": "b"}, "at": {"S": "06"}},
                {"id": {"S": "b"}, "at": {"S": "13"}},
                None,
                {"id": {"S": "b"}, "at": {"S": "13"}},
                {"id": {"S": "b"}, "at": {"S": "06"}},
            ],
        )

    def test_query_ends_with_an_empty_page(self):
        """If Limit divides the count, the last page is empty: a read does not look ahead."""
        pages = list(self.query_pages({"PageSize": 10}))
        self.assertEqual([page["Count"] for page in pages], [10, 10, 0])
        self.assertNotIn("LastEvaluatedKey", pages[-1])

    def test_query_with_a_filter(self):
        """Pages without a matching item have a LastEvaluatedKey, and the paginator continues."""
        pages = list(
            self.dynamodb.get_paginator("query").paginate(
                TableName="pages",
                KeyConditionExpression="id = :id",
                FilterExpression="n = :n",
                ExpressionAttributeValues={":id": {"S": "b"}, ":n": {"N": "19"}},
                PaginationConfig={"PageSize": 6},
            )
        )
        self.assertEqual([page["Count"] for page in pages], [0, 0, 0, 1])
        self.assertEqual([page["ScannedCount"] for page in pages], [6, 6, 6, 2])
        self.assertEqual(
            ["LastEvaluatedKey" in page for page in pages], [True, True, True, False]
        )

    def test_query_resumes(self):
        """MaxItems ends within a page; its token continues at the next item."""
        first = self.query_pages({"PageSize": 7, "MaxItems": 10}).build_full_result()
        second = self.query_pages(
            {"PageSize": 7, "StartingToken": first["NextToken"]}
        ).build_full_result()
        self.assertNotIn("NextToken", second)
        self.assertEqual(len(first["Items"]), 10)
        self.assertEqual(
            [item["at"]["S"] for item in first["Items"] + second["Items"]],
            [f"{number:02}" for number in range(20)],
        )

    def scan_pages(self, **arguments):
        """Returns the keys that a scan returns, and the counts of its pages."""
        pages = list(
            self.dynamodb.get_paginator("scan").paginate(TableName="pages", **arguments)
        )
        keys = [(item["id"]["S"], item["at"]["S"]) for page in pages for item in page["Items"]]
        return keys, [page["Count"] for page in pages]

    def test_scan_pages(self):
        """A paged scan returns each of 60 items once, by partition, each partition in order."""
        keys, counts = self.scan_pages(PaginationConfig={"PageSize": 9})
        self.assertEqual(counts, [9] * 6 + [6])
        partitions = [keys[begin : begin + 20] for begin in (0, 20, 40)]
        for partition in partitions:
            name = partition[0][0]
            self.assertEqual(partition, [(name, f"{number:02}") for number in range(20)])
        self.assertEqual(sorted(partition[0][0] for partition in partitions), ["a", "b", "c"])

    def test_parallel_scan(self):
        """The segments of a parallel scan are disjoint, and together they are the whole table."""
        seen = []
        for segment in range(4):
            keys, _ = self.scan_pages(
                Segment=segment, TotalSegments=4, PaginationConfig={"PageSize": 3}
            )
            seen += keys
        whole, _ = self.scan_pages()
        self.assertEqual(len(seen), 60)
        self.assertEqual(sorted(seen), sorted(whole))

    def test_resource_loop(self):
        """The usual loop with the Table resource reads every item once."""
        seen = []
        arguments = {"KeyConditionExpression": Key("id").eq("c"), "Limit": 3}
        while True:
            answer = self.table.query(**arguments)
            seen += [item["at"] for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        self.assertEqual(seen, [f"{number:02}" for number in range(20)])


class ListOfTables(ServerTestCase):
    def test_pages(self):
        """Names are in byte order, two per page; the last page has no key."""
        recorder = Recorder()
        client = recorder.attach(self.client())
        for name in ("table_b", "Table.A", "table-c", "TABLE", "table_a"):
            client.create_table(**definition(name))
        pages = client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2})
        names = ["TABLE", "Table.A", "table-c", "table_a", "table_b"]
        self.assertEqual(
            [page["TableNames"] for page in pages], [names[0:2], names[2:4], names[4:]]
        )
        self.assertEqual(
            [listed.request for listed in recorder.of("ListTables")],
            [
                {"Limit": 2},
                {"Limit": 2, "ExclusiveStartTableName": "Table.A"},
                {"Limit": 2, "ExclusiveStartTableName": "table_a"},
            ],
        )
        self.assertEqual(
            [listed.answer.get("LastEvaluatedTableName") for listed in recorder.of("ListTables")],
            ["Table.A", "table_a", None],
        )
        self.assertEqual([table.name for table in self.resource().tables.all()], names)


if __name__ == "__main__":
    unittest.main()

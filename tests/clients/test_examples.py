"""New users run the example programs first, and the examples show what the server does.

So each is run against a new server, and its traffic is compared completely: the requests that the
real client sends, and the responses including byte counts and keys.
"""

import ast
import contextlib
import importlib
import io
import json
import os
import re
import subprocess
import sys
import unittest
from unittest import mock

import boto3

from server_process import (
    REPOSITORY,
    ServerProcess,
    client_environment,
    find_aws_cli,
    settings,
)
from wire import Recorder, item_size

EXAMPLES = REPOSITORY / "examples"
PAGE_SIZE_BYTES_MAX = 1_048_576

sys.path.insert(0, str(EXAMPLES))
local_dynamodb = importlib.import_module("local_dynamodb")
page_views_by_last_key = importlib.import_module("page_views_by_last_key")
page_views_by_range_condition = importlib.import_module("page_views_by_range_condition")
all_page_views = importlib.import_module("all_page_views")


class ExampleTestCase(unittest.TestCase):
    """Starts a server for each test, and records the traffic of the examples' clients."""

    def setUp(self):
        self.server = ServerProcess()
        self.addCleanup(self.stop_server)
        self.recorder = Recorder()

    def stop_server(self):
        self.assertEqual(self.server.stop(), (0, "", ""))

    def recorded_client(self):
        client = boto3.session.Session().client("dynamodb", **settings(self.server.endpoint))
        self.addCleanup(client.close)
        return self.recorder.attach(client)

    def run_main(self, example):
        """Runs the program in this process. Returns its output."""
        printed = io.StringIO()
        with mock.patch.object(local_dynamodb, "dynamodb_client", self.recorded_client):
            with contextlib.redirect_stdout(printed):
                example.main()
        return printed.getvalue()

    def run_twice_as_program(self, name):
        """Runs the program twice as a user does, and returns both outputs."""
        environment = client_environment(
            PAGETURNER_ENDPOINT=self.server.endpoint,
            PATH=os.path.dirname(find_aws_cli()) + os.pathsep + os.environ["PATH"],
        )
        # The user may have no keys, so the example must set its own.
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
            del environment[variable]
        command = [sys.executable] if name.endswith(".py") else ["bash"]
        outputs = []
        for _ in range(2):
            ended = subprocess.run(
                [*command, str(EXAMPLES / name)],
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            self.assertEqual(ended.returncode, 0, ended.stderr)
            outputs.append(ended.stdout)
        self.assertEqual(outputs[0], outputs[1])
        return outputs[0]


def text_of(items, name):
    return [item[name]["S"] for item in items]


class PageViewsTestCase(ExampleTestCase):
    """The ten views of the front page, which two programs read. A subclass has their items and keys:
    expected_view() and expected_key()."""

    def check_pages(self, queries):
        """Checks that the queries have read the views in pages of 4, 4 and 2."""
        pages = []
        for numbers in (range(1, 5), range(5, 9), range(9, 11)):
            views = [self.expected_view(number) for number in numbers]
            pages.append({"Items": views, "Count": len(views), "ScannedCount": len(views)})
        pages[0]["LastEvaluatedKey"] = self.expected_key(4)
        pages[1]["LastEvaluatedKey"] = self.expected_key(8)
        self.assertEqual([query.answer for query in queries], pages)


class PageViewsByLastKey(PageViewsTestCase):
    def expected_view(self, number):
        """Returns the expected item of one user's view of the front page."""
        return {
            "page_id_user_id": {"S": f"front-page_user-{number:02}"},
            "page_id": {"S": "front-page"},
            "user_id": {"S": f"user-{number:02}"},
            "created": {"S": f"2024-05-01 09:{3 * (number - 1):02}:00"},
        }

    def expected_key(self, number):
        view = self.expected_view(number)
        return {name: view[name] for name in ("page_id", "created", "page_id_user_id")}

    def test_queries_on_the_wire(self):
        """Three pages of 4, 4 and 2 views: exactly these requests and responses.

        The LastEvaluatedKey of an index read has the keys of the index and of the table, each
        attribute once. Only the last page has none, since it ends at the end of the range.
        """
        self.run_main(page_views_by_last_key)
        queries = self.recorder.of("Query")
        request = {
            "TableName": "page_view",
            "IndexName": "by_page_id",
            "KeyConditions": {
                "page_id": {
                    "ComparisonOperator": "EQ",
                    "AttributeValueList": [{"S": "front-page"}],
                }
            },
            "Limit": 4,
        }
        self.assertEqual(
            [query.request for query in queries],
            [
                request,
                {**request, "ExclusiveStartKey": self.expected_key(4)},
                {**request, "ExclusiveStartKey": self.expected_key(8)},
            ],
        )
        self.check_pages(queries)

    def test_repeated_view_is_rejected(self):
        """The 31st PutItem repeats a key with attribute_not_exists and changes nothing."""
        self.run_main(page_views_by_last_key)
        puts = self.recorder.of("PutItem")
        self.assertEqual([put.status for put in puts], [200] * 30 + [400])
        self.assertEqual([put.answer for put in puts[:30]], [{}] * 30)
        self.assertEqual(
            puts[-1].request["ConditionExpression"], "attribute_not_exists(page_id_user_id)"
        )
        self.assertEqual(
            puts[-1].answer,
            {
                "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                "message": "The conditional request failed",
            },
        )
        stored = self.recorded_client().get_item(
            TableName="page_view", Key={"page_id_user_id": {"S": "front-page_user-01"}}
        )
        self.assertEqual(stored["Item"], self.expected_view(1))

    def test_limit_does_not_look_ahead(self):
        """If Limit ends a page at the very last view, the page still has a LastEvaluatedKey.

        Source: measured on the live service; only the following empty page has none.
        """
        self.run_main(page_views_by_last_key)
        client = self.recorded_client()
        sizes = []
        key = None
        while True:
            views, key = page_views_by_last_key.read_page(client, "front-page", 5, key)
            sizes.append(len(views))
            if key is None:
                break
        self.assertEqual(sizes, [5, 5, 0])
        self.assertEqual(
            self.recorder.of("Query")[-1].answer, {"Items": [], "Count": 0, "ScannedCount": 0}
        )

    def test_views_with_equal_times(self):
        """Views with equal range keys are distinguished by the table's key: each is read once."""
        client = self.recorded_client()
        local_dynamodb.start_with_empty_table(client, page_views_by_last_key.TABLE_DEFINITION)
        users = [f"user-{number}" for number in range(23)]
        for user in users:
            self.assertTrue(page_views_by_last_key.record_view(client, "news", user, "today"))
        seen = []
        key = None
        while True:
            views, key = page_views_by_last_key.read_page(client, "news", 2, key)
            seen += text_of(views, "user_id")
            if key is None:
                break
        self.assertEqual(len(seen), 23)
        self.assertEqual(sorted(seen), sorted(users))

    def test_program(self):
        """The unchanged program prints the ten views in order, also in its second run."""
        printed = self.run_twice_as_program("page_views_by_last_key.py")
        self.assertEqual(
            re.findall(r"(user-\d\d)$", printed, re.MULTILINE),
            [f"user-{number:02}" for number in range(1, 11)],
        )
        self.assertIn("user-01 sees the front-page again: already stored\n", printed)
        self.assertEqual(printed.count("continues after"), 2)


class PageViewsByRangeCondition(PageViewsTestCase):
    def expected_view(self, number):
        created = f"2024-05-01 09:{3 * (10 - number):02}:00"
        page_and_user = f"front-page_user-{number:02}"
        return {
            "page_id_user_id": {"S": page_and_user},
            "page_id_user_id_created": {"S": f"{page_and_user}_{created}"},
            "page_id": {"S": "front-page"},
            "user_id": {"S": f"user-{number:02}"},
            "created": {"S": created},
        }

    def expected_key(self, number):
        view = self.expected_view(number)
        names = ("page_id", "page_id_user_id_created", "page_id_user_id")
        return {name: view[name] for name in names}

    def expected_request(self, lower_bound):
        return {
            "TableName": "page_view",
            "IndexName": "by_page_id",
            "KeyConditions": {
                "page_id": {
                    "ComparisonOperator": "EQ",
                    "AttributeValueList": [{"S": "front-page"}],
                },
                "page_id_user_id_created": {
                    "ComparisonOperator": "GT",
                    "AttributeValueList": [{"S": lower_bound}],
                },
            },
            "Limit": 4,
            "ScanIndexForward": True,
        }

    def test_queries_on_the_wire(self):
        """Each query requests range keys greater than the last one, which is not repeated."""
        self.run_main(page_views_by_range_condition)
        queries = self.recorder.of("Query")
        self.assertEqual(
            [query.request for query in queries],
            [
                self.expected_request("front-page"),
                self.expected_request("front-page_user-04_2024-05-01 09:18:00"),
                self.expected_request("front-page_user-08_2024-05-01 09:06:00"),
            ],
        )
        self.check_pages(queries)

    def test_bound_beyond_the_last_view(self):
        """No view is greater than the last range key: an empty page without a key, and no error."""
        self.run_main(page_views_by_range_condition)
        views = page_views_by_range_condition.read_page_after(
            self.recorded_client(),
            "front-page",
            4,
            self.expected_view(10)["page_id_user_id_created"]["S"],
        )
        self.assertEqual(views, [])
        self.assertEqual(
            self.recorder.of("Query")[-1].answer, {"Items": [], "Count": 0, "ScannedCount": 0}
        )

    def test_program(self):
        """The unchanged program prints the ten views by user, also in its second run."""
        printed = self.run_twice_as_program("page_views_by_range_condition.py")
        self.assertEqual(
            re.findall(r"^  (user-\d\d)  ", printed, re.MULTILINE),
            [f"user-{number:02}" for number in range(1, 11)],
        )


class AllPageViews(ExampleTestCase):
    def check_pages(self, pages):
        """Checks the limit of 1 MB: each page is as large as possible, and not larger."""
        for page, next_page in zip(pages, pages[1:]):
            self.assertIn("LastEvaluatedKey", page)
            size = sum(map(item_size, page["Items"]))
            self.assertLessEqual(size, PAGE_SIZE_BYTES_MAX)
            self.assertGreater(size + item_size(next_page["Items"][0]), PAGE_SIZE_BYTES_MAX)
        self.assertNotIn("LastEvaluatedKey", pages[-1])
        self.assertLessEqual(sum(map(item_size, pages[-1]["Items"])), PAGE_SIZE_BYTES_MAX)
        for page in pages:
            self.assertEqual(page["Count"], len(page["Items"]))
            self.assertEqual(page["ScannedCount"], len(page["Items"]))
            if "LastEvaluatedKey" in page:
                last = page["Items"][-1]
                self.assertEqual(
                    page["LastEvaluatedKey"],
                    {name: last[name] for name in ("page_id", "created", "page_id_user_id")},
                )

    def test_queries_on_the_wire(self):
        """900 views of 4.5 MB are read in five pages, each full, in order and each once."""
        self.run_main(all_page_views)
        queries = self.recorder.of("Query")
        pages = [query.answer for query in queries]
        self.assertEqual(len(pages), 5)
        self.check_pages(pages)
        self.assertEqual(
            [view for page in pages for view in page["Items"]],
            all_page_views.make_views("front-page", 900),
        )
        first_request = {
            "TableName": "page_view",
            "IndexName": "by_page_id",
            "KeyConditions": {
                "page_id": {
                    "ComparisonOperator": "EQ",
                    "AttributeValueList": [{"S": "front-page"}],
                }
            },
        }
        self.assertEqual(
            [query.request for query in queries],
            [first_request]
            + [
                {**first_request, "ExclusiveStartKey": page["LastEvaluatedKey"]}
                for page in pages[:-1]
            ],
        )

    def test_batches_on_the_wire(self):
        """37 batches of 25 are written completely: no response has unprocessed views."""
        self.run_main(all_page_views)
        batches = self.recorder.of("BatchWriteItem")
        self.assertEqual(
            [len(batch.request["RequestItems"]["page_view"]) for batch in batches], [25] * 37
        )
        self.assertEqual([batch.answer for batch in batches], [{"UnprocessedItems": {}}] * 37)

    def test_pages_end_between_views_with_equal_times(self):
        """A page may end between views with equal range keys; the next page continues there."""
        client = self.recorded_client()
        local_dynamodb.start_with_empty_table(client, all_page_views.TABLE_DEFINITION)
        views = [all_page_views.make_view("news", number, "today") for number in range(450)]
        all_page_views.write_views(client, views)
        read = list(all_page_views.all_views(client, "news"))
        self.assertEqual(
            sorted(read, key=lambda view: view["user_id"]["S"]),
            views,
        )
        pages = [query.answer for query in self.recorder.of("Query")]
        self.assertEqual(len(pages), 3)
        self.check_pages(pages)

    def test_program(self):
        """The unchanged program prints the count and both ends, also in its second run."""
        self.assertEqual(
            self.run_twice_as_program("all_page_views.py"),
            "The first view: 2024-05-01 09:00:00 by user-0000\n"
            "The last view:  2024-05-01 09:14:59 by user-0899\n"
            "900 views in all\n",
        )


def answer_bodies(debug_output):
    """Returns the response bodies logged by `aws --debug`, in order: Python bytes literals."""
    literals = re.findall(r"DEBUG - Response body:\s+(b['\"].*['\"])$", debug_output, re.MULTILINE)
    return [ast.literal_eval(literal) for literal in literals]


class Movies(ExampleTestCase):
    def run_script(self):
        environment = client_environment(
            PAGETURNER_ENDPOINT=self.server.endpoint,
            PATH=os.path.dirname(find_aws_cli()) + os.pathsep + os.environ["PATH"],
        )
        return subprocess.run(
            ["bash", str(EXAMPLES / "movies.sh")],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def test_pages_of_five(self):
        """The CLI's log shows the two responses: five titles with a key, then one without.

        Source: the guide's page on paginating query results, which shows the same responses. In the
        second run the table and the films exist, and the result must be the same.
        """
        for _ in range(2):
            ended = self.run_script()
            self.assertEqual(ended.returncode, 0, ended.stderr)
            bodies = answer_bodies(ended.stderr)
            self.assertEqual(
                [json.loads(body) for body in bodies],
                [
                    {
                        "Count": 5,
                        "ScannedCount": 5,
                        "Items": [
                            {"title": {"S": "A Bronx Tale"}},
                            {"title": {"S": "A Perfect World"}},
                            {"title": {"S": "Addams Family Values"}},
                            {"title": {"S": "Alive"}},
                            {"title": {"S": "Benny & Joon"}},
                        ],
                        "LastEvaluatedKey": {
                            "year": {"N": "1993"},
                            "title": {"S": "Benny & Joon"},
                        },
                    },
                    {
                        "Count": 1,
                        "ScannedCount": 1,
                        "Items": [{"title": {"S": "What's Eating Gilbert Grape"}}],
                    },
                ],
            )
            self.assertEqual(
                json.loads(ended.stdout),
                [
                    "A Bronx Tale",
                    "A Perfect World",
                    "Addams Family Values",
                    "Alive",
                    "Benny & Joon",
                    "What's Eating Gilbert Grape",
                ],
            )


if __name__ == "__main__":
    unittest.main()

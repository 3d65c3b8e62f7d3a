"""The log has one line per request, readable by people and by jq, to find failed requests."""

import json
import re
import unittest

from raw_http import Connection, head, operation_headers, operation_request, table_definition
from server_process import ServerProcess, run_server


def transaction(*tables):
    actions = [
        {"Put": {"TableName": table, "Item": {"id": {"S": str(number)}}}}
        for number, table in enumerate(tables)
    ]
    return json.dumps({"TransactItems": actions}).encode()


PUT = b'{"TableName":"Music","Item":{"id":{"S":"a"}}}'
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/Music"
LONG_NAME = "x" * 400

# A request, and its expected operation, tables, status and error in the log.
REQUESTS = (
    (operation_request("CreateTable", table_definition("Music")), "CreateTable", ["Music"], 200, None),
    (operation_request("CreateTable", table_definition("Films")), "CreateTable", ["Films"], 200, None),
    (operation_request("PutItem", PUT), "PutItem", ["Music"], 200, None),
    (operation_request("ListTables", b"{}"), "ListTables", [], 200, None),
    (operation_request("PutItem", b"{"), "PutItem", [], 400, "SerializationException"),
    (operation_request("PutItem", b'{"TableName":7}'), "PutItem", [], 400, "SerializationException"),
    (
        operation_request("GetItem", b'{"TableName":"None","Key":{"id":{"S":"a"}}}'),
        "GetItem",
        ["None"],
        400,
        "ResourceNotFoundException",
    ),
    (
        operation_request("PutItem", PUT, Authorization=None),
        "PutItem",
        [],
        400,
        "MissingAuthenticationTokenException",
    ),
    (
        operation_request("Frobnicate", b"{}"),
        "DynamoDB_20120810.Frobnicate",
        [],
        400,
        "UnknownOperationException",
    ),
    (
        operation_request("DescribeTable", json.dumps({"TableName": ARN}).encode()),
        "DescribeTable",
        ["Music"],
        200,
        None,
    ),
    (
        operation_request("ListTagsOfResource", json.dumps({"ResourceArn": ARN}).encode()),
        "ListTagsOfResource",
        ["Music"],
        200,
        None,
    ),
    (
        operation_request(
            "BatchWriteItem",
            b'{"RequestItems":{"Music":[{"PutRequest":{"Item":{"id":{"S":"b"}}}}],'
            b'"Films":[{"PutRequest":{"Item":{"id":{"S":"b"}}}}]}}',
        ),
        "BatchWriteItem",
        ["Music", "Films"],
        200,
        None,
    ),
    (
        operation_request("TransactWriteItems", transaction("Films", "Music", "Films")),
        "TransactWriteItems",
        ["Films", "Music"],
        200,
        None,
    ),
    (
        operation_request("ExecuteStatement", b'{"Statement":"SELECT * FROM \\"Music\\""}'),
        "ExecuteStatement",
        ["Music"],
        200,
        None,
    ),
    (
        operation_request("ExecuteStatement", b'{"Statement":"SELECT"}'),
        "ExecuteStatement",
        [],
        400,
        "ValidationException",
    ),
    # A client cannot inject lines into the log.
    (
        operation_request("DescribeTable", b'{"TableName":"a b\\n\\"c\\" \\u001b[31m"}'),
        "DescribeTable",
        ['a b\n"c" \x1b[31m'],
        400,
        "ValidationException",
    ),
    (
        operation_request("DescribeTable", json.dumps({"TableName": LONG_NAME}).encode()),
        "DescribeTable",
        [LONG_NAME[:255]],
        400,
        "ValidationException",
    ),
    (
        operation_request("ListTables", b"{}", X_Amz_Target="a\u00e9b c"),
        "a??b c",
        [],
        400,
        "UnknownOperationException",
    ),
    (head({"Host": "localhost"}, method="GET"), "GET /", [], 200, None),
    (head({"Host": "localhost"}, method="DELETE", path="/a?b"), "DELETE /a?b", [], 404, None),
)
# Invalid HTTP, after which the connection is closed.
BROKEN = head({**operation_headers("PutItem"), "Content-Length": "many"})


class RequestLog(unittest.TestCase):
    def answers_and_lines(self, *flags):
        """Sends all requests. Returns the responses, and the log lines of each."""
        server = ServerProcess("--log", "requests", *flags)
        answers = []
        with Connection(server.port) as connection:
            for request, *_ in REQUESTS:
                answers.append(connection.call(request))
            self.assertEqual(connection.call(BROKEN).status, 400)
        code, output, errors = server.stop()
        self.assertEqual((code, errors), (0, ""))
        lines = output.splitlines()
        self.assertEqual(len(lines), len(REQUESTS) + 1)
        return answers, lines

    def test_json(self):
        """--log-format json: one JSON object per line."""
        answers, lines = self.answers_and_lines("--log-format", "json")
        for line, answer, (_, operation, tables, status, error) in zip(lines, answers, REQUESTS):
            record = json.loads(line)
            self.assertRegex(record.pop("time"), r"\A20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z\Z")
            self.assertIn(record.pop("us"), range(10_000_000))
            self.assertEqual(
                record,
                {
                    "operation": operation,
                    "tables": tables,
                    "status": status,
                    "error": error,
                    "bytes": len(answer.body),
                },
            )
        broken = json.loads(lines[-1])
        self.assertEqual(
            (broken["operation"], broken["tables"], broken["status"], broken["error"]),
            (None, [], 400, None),
        )

    def test_text(self):
        """Columns separated by spaces; a name that is not one word is quoted."""
        answers, lines = self.answers_and_lines()

        def word(text):
            return text if re.fullmatch(r"[\w.:/?=&-]+", text) else json.dumps(text)

        for line, answer, (_, operation, tables, status, error) in zip(lines, answers, REQUESTS):
            found = re.fullmatch(r"(\S+Z) (.*) (\d+)us (\d+)B", line)
            self.assertTrue(found, line)
            columns = f"{word(operation)} {','.join(map(word, tables)) or '-'} {status} {error or '-'}"
            self.assertEqual(found.group(2), columns)
            self.assertEqual(int(found.group(4)), len(answer.body))
            self.assertTrue(line.isprintable())
        self.assertRegex(lines[-1], r"\A\S+Z - - 400 - 0us 0B\Z")

    def test_unread_output(self):
        """A pipe that is full blocks no request, and not the end of the process either."""
        server = ServerProcess("--log", "requests")
        self.addCleanup(server.process.wait)
        request = operation_request("ListTables", b"{}")
        with Connection(server.port) as connection:
            for _ in range(50):  # some 65 bytes a line; a pipe takes 64 KB
                connection.send(request * 100)
                for _ in range(100):
                    self.assertEqual(connection.read_answer().status, 200)
        server.process.terminate()
        self.assertEqual(server.process.wait(timeout=20), 0)
        server.process.stdout.close()
        server.process.stderr.close()

    def test_closed_output(self):
        """The server continues if the reader of the log exits."""
        server = ServerProcess("--log", "requests")
        self.addCleanup(server.process.wait)
        server.process.stdout.close()
        with Connection(server.port) as connection:
            for _ in range(3):
                answer = connection.call(operation_request("ListTables", b"{}"))
                self.assertEqual(answer.status, 200)
        server.process.terminate()
        self.assertEqual(server.process.wait(timeout=20), 0)
        self.assertEqual(server.process.stderr.read(), "")
        server.process.stderr.close()

    def test_bad_flags(self):
        for flags in (["--log", "all"], ["--log"], ["--log-format", "xml"]):
            ended = run_server(*flags)
            self.assertEqual((ended.returncode, ended.stdout), (2, ""), flags)


if __name__ == "__main__":
    unittest.main()

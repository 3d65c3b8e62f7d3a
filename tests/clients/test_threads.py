"""One expensive request must not keep other clients waiting, nor a health check.

So a server with one I/O thread has to answer them while it is at work on a page with a filter. Source:
docs/security.md, "What a request may cost".
"""

import unittest

from raw_http import Connection, head, json_request, operation_request, table_definition
from server_process import ServerTestCase

ITEMS = 20_000
TRIES = 5


def request(operation, **parameters):
    return json_request(operation, parameters)


HEALTH = head({"Host": "localhost"}, "GET", "/")


class Threads(ServerTestCase):
    flags = ("--threads", "1")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with Connection(cls.server.port) as connection:
            connection.call(operation_request("CreateTable", table_definition("pages")))
            for begin in range(0, ITEMS, 25):
                puts = [
                    {"PutRequest": {"Item": {"id": {"S": str(number)}}}}
                    for number in range(begin, begin + 25)
                ]
                connection.call(request("BatchWriteItem", RequestItems={"pages": puts}))

    def scan(self):
        """A page that takes seconds: each item is compared 720 times."""
        condition = "NOT id IN (" + ",".join(f":v{number}" for number in range(80)) + ")"
        return request(
            "Scan",
            TableName="pages",
            FilterExpression=" AND ".join([condition] * 9),
            ExpressionAttributeValues={
                f":v{number}": {"S": f"not there {number}"} for number in range(80)
            },
        )

    def connect(self):
        connection = Connection(self.server.port)
        self.addCleanup(connection.__exit__)
        return connection

    def test_others_beside_an_expensive_request(self):
        small = request("GetItem", TableName="pages", Key={"id": {"S": "1"}})
        for name, other in (("small request", small), ("health check", HEALTH)):
            with self.subTest(name):
                # The page may be complete before the other request is sent: then once more.
                were_beside = []
                for _ in range(TRIES):
                    expensive, beside = self.connect(), self.connect()
                    self.assertEqual(beside.call(other).status, 200)
                    expensive.send(self.scan())
                    self.assertEqual(beside.call(other).status, 200)
                    were_beside.append(expensive.is_waiting())
                    self.assertEqual(expensive.read_answer().status, 200)
                self.assertIn(True, were_beside)

    def test_requests_of_one_connection_keep_their_order(self):
        """A connection moves between threads; its responses come in the order of its requests."""
        get_item = request("GetItem", TableName="pages", Key={"id": {"S": "2"}})
        list_tables = request("ListTables")
        kinds = {
            HEALTH: b"healthy",
            get_item: b'{"Item"',
            self.scan(): b'{"Items"',
            list_tables: b'{"TableNames"',
        }
        for order in (
            [HEALTH, get_item],
            [HEALTH, HEALTH, self.scan(), HEALTH, get_item],
            [get_item, self.scan(), list_tables, self.scan(), HEALTH],
            [self.scan(), get_item, HEALTH, HEALTH],
        ):
            connection = self.connect()
            connection.send(b"".join(order))
            for expected in order:
                body = connection.read_answer().body
                self.assertTrue(body.startswith(kinds[expected]), body[:100])


if __name__ == "__main__":
    unittest.main()

"""boto3 has three calls for PartiQL; programs follow NextToken and read error codes.

tests/api/partiql_*.json compares the statements themselves with the service's responses; this file
tests them through a real client.
"""

import unittest

from botocore.exceptions import ClientError

from server_process import ServerTestCase


class Partiql(ServerTestCase):
    def setUp(self):
        super().setUp()
        self.boto = self.client()
        self.boto.create_table(
            TableName="Songs",
            KeySchema=[
                {"AttributeName": "artist", "KeyType": "HASH"},
                {"AttributeName": "song", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "artist", "AttributeType": "S"},
                {"AttributeName": "song", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        self.addCleanup(self.boto.delete_table, TableName="Songs")

    def run_statement(self, statement, *parameters, **more):
        if parameters:
            more["Parameters"] = list(parameters)
        return self.boto.execute_statement(Statement=statement, **more)

    def insert(self, artist, song, **more):
        item = {"artist": artist, "song": song, **more}
        self.run_statement(f'INSERT INTO "Songs" VALUE {item}')

    def test_write_read_and_return(self):
        """Each statement returns its result, with parameters of all types."""
        self.insert("Nova", "Atlas", awards=1)
        self.run_statement(
            'UPDATE "Songs" SET cover = ? SET tags = ? WHERE artist = ? AND song = ?',
            {"B": b"\x00\xff"},
            {"SS": ["pop", "live"]},
            {"S": "Nova"},
            {"S": "Atlas"},
        )
        items = self.run_statement("SELECT * FROM Songs WHERE artist = 'Nova'")["Items"]
        self.assertEqual(items[0]["cover"], {"B": b"\x00\xff"})
        self.assertEqual(items[0]["tags"], {"SS": ["live", "pop"]})
        updated = self.run_statement(
            "UPDATE Songs SET awards = awards + 1 WHERE artist = 'Nova' AND song = 'Atlas' "
            "RETURNING MODIFIED NEW *"
        )
        self.assertEqual(updated["Items"], [{"awards": {"N": "2"}}])
        deleted = self.run_statement(
            "DELETE FROM Songs WHERE artist = 'Nova' AND song = 'Atlas' RETURNING ALL OLD *"
        )
        self.assertEqual(deleted["Items"][0]["awards"], {"N": "2"})

    def test_pages(self):
        """NextToken leads through all items, with Limit and over the partitions of an IN list."""
        for artist in ("a", "b", "c"):
            for song in ("1", "2", "3"):
                self.insert(artist, song)
        for statement, count in (
            ("SELECT * FROM Songs", 9),
            ("SELECT * FROM Songs WHERE artist IN ['a', 'c', 'none']", 6),
            ("SELECT * FROM Songs WHERE artist = 'b' ORDER BY song DESC", 3),
        ):
            seen = []
            more = {}
            while True:
                page = self.run_statement(statement, Limit=2, **more)
                self.assertLessEqual(len(page["Items"]), 2)
                seen += [(item["artist"]["S"], item["song"]["S"]) for item in page["Items"]]
                if "NextToken" not in page:
                    break
                more = {"NextToken": page["NextToken"]}
            self.assertEqual(len(seen), count, statement)
            self.assertEqual(len(set(seen)), count, statement)

    def test_a_long_list_takes_pages(self):
        """The values of an IN are read in pages of ten."""
        for number in range(25):
            self.insert(f"artist{number}", "song")
        names = ", ".join(f"'artist{number}'" for number in range(25))
        statement = f"SELECT artist FROM Songs WHERE artist IN [{names}]"
        sizes = []
        more = {}
        while True:
            page = self.run_statement(statement, **more)
            sizes.append(len(page["Items"]))
            if "NextToken" not in page:
                break
            more = {"NextToken": page["NextToken"]}
        self.assertEqual(sizes, [10, 10, 5])

    def test_errors(self):
        """Errors are raised as the client's exception classes."""
        self.insert("Nova", "Atlas")
        with self.assertRaises(self.boto.exceptions.DuplicateItemException):
            self.insert("Nova", "Atlas")
        with self.assertRaises(self.boto.exceptions.ConditionalCheckFailedException):
            self.run_statement(
                "UPDATE Songs SET x = 1 WHERE artist = 'Nova' AND song = 'Atlas' AND x = 2"
            )
        with self.assertRaises(self.boto.exceptions.ResourceNotFoundException):
            self.run_statement('SELECT * FROM "None"')
        with self.assertRaises(ClientError) as malformed:
            self.run_statement("SELECT FROM Songs")
        self.assertEqual(malformed.exception.response["Error"]["Code"], "ValidationException")

    def test_batch(self):
        """An error is reported at the position of its statement; the call succeeds."""
        self.insert("Nova", "Atlas")
        answer = self.boto.batch_execute_statement(
            Statements=[
                {
                    "Statement": "SELECT * FROM Songs WHERE artist = ? AND song = ?",
                    "Parameters": [{"S": "Nova"}, {"S": "Atlas"}],
                },
                {"Statement": "SELECT * FROM Songs WHERE artist = 'Nova'"},
            ]
        )["Responses"]
        self.assertEqual(answer[0]["Item"]["song"], {"S": "Atlas"})
        self.assertEqual(answer[0]["TableName"], "Songs")
        self.assertEqual(answer[1]["Error"]["Code"], "ValidationError")

    def test_transaction(self):
        """A transaction is executed completely or not at all, with reasons for the failure."""
        self.boto.execute_transaction(
            TransactStatements=[
                {"Statement": "INSERT INTO Songs VALUE {'artist': 'Nova', 'song': 'Atlas'}"},
                {"Statement": "INSERT INTO Songs VALUE {'artist': 'Nova', 'song': 'Clocks'}"},
            ]
        )
        with self.assertRaises(self.boto.exceptions.TransactionCanceledException) as canceled:
            self.boto.execute_transaction(
                TransactStatements=[
                    {"Statement": "DELETE FROM Songs WHERE artist = 'Nova' AND song = 'Atlas'"},
                    {"Statement": "INSERT INTO Songs VALUE {'artist': 'Nova', 'song': 'Clocks'}"},
                ]
            )
        codes = [reason["Code"] for reason in canceled.exception.response["CancellationReasons"]]
        self.assertEqual(codes, ["None", "DuplicateItem"])
        responses = self.boto.execute_transaction(
            TransactStatements=[
                {"Statement": "SELECT song FROM Songs WHERE artist = 'Nova' AND song = 'Atlas'"},
                {"Statement": "SELECT song FROM Songs WHERE artist = 'Nova' AND song = 'None'"},
            ]
        )["Responses"]
        self.assertEqual(responses, [{"Item": {"song": {"S": "Atlas"}}}, {}])


if __name__ == "__main__":
    unittest.main()

"""Exports and imports transfer data from and to real DynamoDB. The files of an export must be
readable by other tools, an imported export must equal the table, and a program that waits for
either must get the same responses as on AWS."""

import base64
import csv
import gzip
import hashlib
import io
import json
import pathlib
import shutil
import tempfile
import unittest

import boto3
from botocore.exceptions import ClientError

from server_process import ServerProcess, settings

DEFINITIONS = [
    {"AttributeName": "pk", "AttributeType": "S"},
    {"AttributeName": "sk", "AttributeType": "N"},
    {"AttributeName": "kind", "AttributeType": "B"},
]
KEY_SCHEMA = [
    {"AttributeName": "pk", "KeyType": "HASH"},
    {"AttributeName": "sk", "KeyType": "RANGE"},
]
INDEXES = [
    {
        "IndexName": "by_kind",
        "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
]


def md5(content):
    """Returns the MD5 sum in the form of manifests."""
    return base64.b64encode(hashlib.md5(content).digest()).decode()


def sorted_items(client, table, **arguments):
    """Returns all items of a table or an index in the order of their keys."""
    pages = client.get_paginator("scan").paginate(TableName=table, **arguments)
    return sorted(
        (item for page in pages for item in page["Items"]),
        key=lambda item: (item["pk"]["S"], float(item["sk"]["N"])),
    )


def creation(table, indexes=True):
    """Returns the TableCreationParameters of the table that most of these tests create."""
    parameters = {
        "TableName": table,
        "AttributeDefinitions": DEFINITIONS if indexes else DEFINITIONS[:2],
        "KeySchema": KEY_SCHEMA,
        "BillingMode": "PAY_PER_REQUEST",
    }
    if indexes:
        parameters["GlobalSecondaryIndexes"] = INDEXES
    return parameters


class TransferTestCase(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "bucket").mkdir()

    def start_with_root(self, *flags):
        """Returns a client of a server whose S3 folder has one bucket named "bucket"."""
        server = ServerProcess("--s3-root", str(self.root), *flags)
        self.addCleanup(server.stop)
        client = boto3.client("dynamodb", **settings(server.endpoint))
        self.addCleanup(client.close)
        return client

    def put_object(self, key, content):
        """Writes an object to the bucket."""
        path = self.root / "bucket" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read_object(self, key):
        """Returns an object of the bucket."""
        return (self.root / "bucket" / key).read_bytes()

    def refused(self, call, **arguments):
        """Checks that the call fails. Returns the code and the message of the error."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        return error["Code"], error["Message"]


class Exports(TransferTestCase):
    def make_table(self, client, items):
        """Creates the table with point-in-time recovery and returns its ARN."""
        client.create_table(**creation("source"))
        for item in items:
            client.put_item(TableName="source", Item=item)
        client.update_continuous_backups(
            TableName="source",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        return client.describe_table(TableName="source")["Table"]["TableArn"]

    def test_an_export_imported_again_is_the_table(self):
        client = self.start_with_root()
        items = [
            {"pk": {"S": "é\n\"1\""}, "sk": {"N": str(n)}, "kind": {"B": bytes([n % 3, 255])},
             "set": {"NS": ["1", "2.5"]}, "m": {"M": {"l": {"L": [{"NULL": True}, {"BOOL": n > 5}]}}}}
            for n in range(40)
        ] + [{"pk": {"S": "no kind"}, "sk": {"N": "-1.5"}, "empty": {"S": ""}, "b": {"BS": [b"\x00"]}}]
        arn = self.make_table(client, items)
        export = client.export_table_to_point_in_time(
            TableArn=arn, S3Bucket="bucket", S3Prefix="daily"
        )["ExportDescription"]
        self.assertEqual(export["ExportStatus"], "IN_PROGRESS")
        export_id = export["ExportArn"].rsplit("/", 1)[1]
        client.import_table(
            S3BucketSource={
                "S3Bucket": "bucket",
                "S3KeyPrefix": f"daily/AWSDynamoDB/{export_id}/data/",
            },
            InputFormat="DYNAMODB_JSON",
            InputCompressionType="GZIP",
            TableCreationParameters=creation("copy"),
        )
        for arguments in ({}, {"IndexName": "by_kind"}):
            source = sorted_items(client, "source", **arguments)
            self.assertTrue(source)
            self.assertEqual(sorted_items(client, "copy", **arguments), source)
        counted = ("ItemCount", "TableSizeBytes")
        tables = [client.describe_table(TableName=name)["Table"] for name in ("source", "copy")]
        self.assertEqual(*([table[count] for count in counted] for table in tables))
        self.assertEqual(*(table["GlobalSecondaryIndexes"][0]["ItemCount"] for table in tables))

    def test_the_files(self):
        """File names, manifests and sums are those that tools for real exports expect."""
        client = self.start_with_root()
        arn = self.make_table(client, [{"pk": {"S": "a"}, "sk": {"N": "1"}}])
        begun = client.export_table_to_point_in_time(TableArn=arn, S3Bucket="bucket")
        export = client.describe_export(ExportArn=begun["ExportDescription"]["ExportArn"])[
            "ExportDescription"
        ]
        self.assertEqual(export["ExportStatus"], "COMPLETED")
        self.assertEqual(export["ItemCount"], 1)
        folder = "AWSDynamoDB/" + export["ExportArn"].rsplit("/", 1)[1]
        self.assertEqual(export["ExportManifest"], f"{folder}/manifest-summary.json")
        summary = json.loads(self.read_object(export["ExportManifest"]))
        self.assertEqual(
            list(summary),
            ["version", "exportArn", "startTime", "endTime", "tableArn", "tableId", "exportTime",
             "s3Bucket", "s3Prefix", "s3SseAlgorithm", "s3SseKmsKeyId", "manifestFilesS3Key",
             "billedSizeBytes", "itemCount", "outputFormat"],
        )
        self.assertEqual(summary["exportArn"], export["ExportArn"])
        self.assertIsNone(summary["s3Prefix"])
        for name in ("manifest-summary", "manifest-files"):
            content = self.read_object(f"{folder}/{name}.json")
            self.assertEqual(self.read_object(f"{folder}/{name}.md5").decode(), md5(content))
        self.assertEqual(self.read_object(f"{folder}/_started"), b"")
        line = json.loads(self.read_object(summary["manifestFilesS3Key"]))
        data = self.read_object(line["dataFileS3Key"])
        self.assertRegex(line["dataFileS3Key"], folder + r"/data/[a-z2-7]{26}\.json\.gz$")
        self.assertEqual((line["itemCount"], line["md5Checksum"]), (1, md5(data)))
        tag = hashlib.md5(hashlib.md5(data).digest()).hexdigest() + "-1"
        self.assertEqual(line["etag"], tag)
        self.assertEqual(
            gzip.decompress(data).decode(), '{"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}\n'
        )

    def test_recovery_must_be_enabled(self):
        client = self.start_with_root()
        client.create_table(**creation("source"))
        arn = client.describe_table(TableName="source")["Table"]["TableArn"]
        self.assertEqual(
            self.refused(client.export_table_to_point_in_time, TableArn=arn, S3Bucket="bucket"),
            (
                "PointInTimeRecoveryUnavailableException",
                "Point in time recovery is not enabled for table 'source'",
            ),
        )

    def test_tokens(self):
        client = self.start_with_root()
        arn = self.make_table(client, [])
        wanted = {"TableArn": arn, "S3Bucket": "bucket", "ClientToken": "once"}
        first, second = (client.export_table_to_point_in_time(**wanted) for _ in range(2))
        self.assertEqual(
            *(answer["ExportDescription"]["ExportArn"] for answer in (first, second))
        )
        self.assertEqual(
            self.refused(client.export_table_to_point_in_time, **wanted, S3Prefix="elsewhere"),
            ("ExportConflictException",
             "Export conflict: Duplicate request detected with conflicting parameters"),
        )
        self.assertEqual(len(client.list_exports()["ExportSummaries"]), 1)

    def test_pages(self):
        """Newest first, and without the exports of an earlier table of the same name."""
        client = self.start_with_root()
        arn = self.make_table(client, [])
        made = [
            client.export_table_to_point_in_time(TableArn=arn, S3Bucket="bucket")
            ["ExportDescription"]["ExportArn"] for _ in range(5)
        ]
        listed, token = [], {}
        while token is not None:
            page = client.list_exports(TableArn=arn, MaxResults=2, **token)
            self.assertLessEqual(len(page["ExportSummaries"]), 2)
            listed += [summary["ExportArn"] for summary in page["ExportSummaries"]]
            token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        self.assertEqual(listed, made[::-1])
        client.delete_table(TableName="source")
        self.make_table(client, [])
        self.assertEqual(client.list_exports(TableArn=arn)["ExportSummaries"], [])
        self.assertEqual(len(client.list_exports()["ExportSummaries"]), 5)

    def test_paths_outside_the_bucket(self):
        client = self.start_with_root()
        arn = self.make_table(client, [])
        for bucket, prefix, code in (
            ("bucket", "../other", "S3AccessDenied"),
            ("bucket", "/tmp", "S3AccessDenied"),
            ("missing", "", "S3NoSuchBucket"),
        ):
            with self.subTest(bucket=bucket, prefix=prefix):
                begun = client.export_table_to_point_in_time(
                    TableArn=arn, S3Bucket=bucket, S3Prefix=prefix
                )["ExportDescription"]
                export = client.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
                self.assertEqual((export["ExportStatus"], export["FailureCode"]), ("FAILED", code))
        self.assertEqual([path.name for path in self.root.iterdir()], ["bucket"])
        self.assertEqual(list((self.root / "bucket").iterdir()), [])


class Imports(TransferTestCase):
    def run_import(self, client, prefix, **changes):
        """Imports into a new table and returns the description of the finished import."""
        arguments = {
            "S3BucketSource": {"S3Bucket": "bucket", "S3KeyPrefix": prefix},
            "InputFormat": "DYNAMODB_JSON",
            "TableCreationParameters": creation("table", indexes=False),
        } | changes
        begun = client.import_table(**arguments)["ImportTableDescription"]
        self.assertEqual(begun["ImportStatus"], "IN_PROGRESS")
        return client.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]

    def counts(self, description):
        """Returns the status and the numbers of processed, imported and rejected items."""
        return tuple(
            description[name]
            for name in ("ImportStatus", "ProcessedItemCount", "ImportedItemCount", "ErrorCount")
        )

    def test_csv(self):
        """Key attributes have the types of their definitions, all others are strings."""
        text = 'pk,sk,note\r\na,1,"one, ""two""\nthree"\nb,2.50,\n\n'
        wanted = [
            {"pk": {"S": "a"}, "sk": {"N": "1"}, "note": {"S": 'one, "two"\nthree'}},
            {"pk": {"S": "b"}, "sk": {"N": "2.5"}, "note": {"S": ""}},
        ]
        header, rest = text.split("\r\n", 1)
        cases = {
            "with a header": (text, {}),
            "without": (rest, {"Csv": {"HeaderList": header.split(",")}}),
            "with another delimiter": (text.replace(",", "|").replace("one|", "one,"),
                                       {"Csv": {"Delimiter": "|"}}),
        }
        for name, (content, options) in cases.items():
            with self.subTest(name):
                client = self.start_with_root()
                self.put_object("in/file.csv", content)
                changes = {"InputFormat": "CSV"} | (
                    {"InputFormatOptions": options} if options else {}
                )
                description = self.run_import(client, "in/", **changes)
                self.assertEqual(self.counts(description), ("COMPLETED", 2, 2, 0))
                self.assertEqual(sorted_items(client, "table"), wanted)

    def test_invalid_items(self):
        """Invalid items are counted and skipped, valid ones are imported."""
        good = '{"Item":{"pk":{"S":"%d"},"sk":{"N":"1"}}}'
        lines = [good % n for n in range(10)]
        cases = {
            "no key": (lines[:9] + ['{"Item":{"pk":{"S":"x"}}}'], (10, 9, 1)),
            "no JSON": (lines[:5] + ["nothing"] + lines[5:9], (6, 5, 1)),
            "no Item": (['{"pk":{"S":"x"},"sk":{"N":"1"}}'], (1, 0, 1)),
            "without line breaks": (["".join(lines)], (10, 10, 0)),
            "one key twice": ([lines[0], lines[0]], (2, 2, 0)),
            "nothing": ([], (0, 0, 0)),
        }
        for name, (content, counts) in cases.items():
            with self.subTest(name):
                client = self.start_with_root()
                self.put_object("in/file.json", "\n".join(content))
                description = self.run_import(client, "in/f")
                status = "FAILED" if counts[2] else "COMPLETED"
                self.assertEqual(self.counts(description), (status, *counts))
                if counts[2]:
                    self.assertEqual(description["FailureCode"], "ItemValidationError")
                table = client.describe_table(TableName="table")["Table"]
                distinct = len({repr(item) for item in sorted_items(client, "table")})
                self.assertEqual(table["ItemCount"], distinct)

    def test_wrong_compression(self):
        line = '{"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}\n'
        for compression, content, counts in (
            ("GZIP", gzip.compress(line.encode()) * 2, ("COMPLETED", 2, 2, 0)),
            ("GZIP", gzip.compress(line.encode()) + b"more", ("COMPLETED", 1, 1, 0)),
            # What is read before the damage is imported.
            ("GZIP", gzip.compress(line.encode())[:-1], ("FAILED", 2, 1, 1)),
            ("GZIP", gzip.compress(line.encode()) + gzip.compress(b"")[:-1], ("FAILED", 2, 1, 1)),
            ("GZIP", b"", ("FAILED", 1, 0, 1)),
            ("GZIP", line, ("FAILED", 1, 0, 1)),
            ("NONE", gzip.compress(line.encode()), ("FAILED", 1, 0, 1)),
        ):
            with self.subTest(compression=compression, counts=counts):
                client = self.start_with_root()
                self.put_object("in/file", content)
                description = self.run_import(client, "in/", InputCompressionType=compression)
                self.assertEqual(self.counts(description), counts)

    def test_large_files(self):
        """Files are read in pieces; items, line breaks and gzip members cross their ends."""
        items = [
            {"pk": {"S": f"{n:03}"}, "sk": {"N": "1"}, "text": {"S": 'é"\r\n,' * (n * 97 % 3000)}}
            for n in range(200)
        ]
        lines = [json.dumps({"Item": item}, ensure_ascii=False).encode() for item in items]
        rows = io.StringIO()
        writer = csv.writer(rows, lineterminator="\r\n")
        writer.writerow(["pk", "sk", "text"])
        writer.writerows([item["pk"]["S"], 1, item["text"]["S"]] for item in items)
        table = rows.getvalue().encode()
        for name, input_format, text, content in (
            ("lines", "DYNAMODB_JSON", b"\n".join(lines), None),
            ("no line breaks", "DYNAMODB_JSON", b"".join(lines), None),
            ("CSV", "CSV", table, None),
            ("one member", "CSV", table, gzip.compress(table)),
            ("stored", "CSV", table, gzip.compress(table, 0)),
            ("members", "DYNAMODB_JSON", b"".join(lines), b"".join(map(gzip.compress, lines))),
        ):
            with self.subTest(name):
                client = self.start_with_root()
                self.put_object("in/file", content or text)
                changes = {"InputFormat": input_format}
                if content:
                    changes["InputCompressionType"] = "GZIP"
                description = self.run_import(client, "in/", **changes)
                self.assertEqual(self.counts(description), ("COMPLETED", 200, 200, 0))
                self.assertEqual(description["ProcessedSizeBytes"], len(text))
                self.assertEqual(sorted_items(client, "table"), items)

    def test_unknown_bucket(self):
        client = self.start_with_root()
        source = {"S3BucketSource": {"S3Bucket": "missing"}}
        description = self.run_import(client, "", **source)
        self.assertEqual(description["FailureCode"], "S3NoSuchBucket")
        self.assertEqual(client.list_tables()["TableNames"], [])
        self.assertEqual(len(client.list_imports()["ImportSummaryList"]), 1)

    def test_a_repeated_request(self):
        client = self.start_with_root("--transition-ms", "60000")
        wanted = {
            "S3BucketSource": {"S3Bucket": "bucket"},
            "InputFormat": "CSV",
            "ClientToken": "once",
        }
        first, second = (
            client.import_table(**wanted, TableCreationParameters=creation("table"))
            for _ in range(2)
        )
        self.assertEqual(
            *(answer["ImportTableDescription"]["ImportArn"] for answer in (first, second))
        )
        self.assertEqual(
            self.refused(client.import_table, **wanted, TableCreationParameters=creation("other")),
            ("ImportConflictException",
             "Import conflict: Duplicate request detected with conflicting parameters"),
        )
        self.assertEqual(
            self.refused(
                client.import_table, **wanted | {"ClientToken": "new"},
                TableCreationParameters=creation("table"),
            ),
            ("ResourceInUseException", "Table already exists: table"),
        )
        status = client.describe_table(TableName="table")["Table"]["TableStatus"]
        self.assertEqual(status, "CREATING")

"""Scripts back up tables before large changes, and restore them after errors.

The tests use boto3, whose paginator, dates and error classes depend on the responses. Source: api,
CreateBackup, ListBackups, RestoreTableFromBackup, RestoreTableToPointInTime; guide, "Point-in-time
recovery for DynamoDB".
"""

import datetime
import time
import unittest

from botocore.exceptions import ClientError

from server_process import ServerTestCase
from tables import definition


def recovery(enabled):
    return {"PointInTimeRecoveryEnabled": enabled}


def ids(client, name):
    """Returns the keys of all items of a table."""
    return {item["id"]["S"] for item in client.scan(TableName=name)["Items"]}


class BackupsTestCase(ServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dynamodb = cls.client()

    def create(self, name, *keys):
        """Creates a table with one item for each key."""
        self.dynamodb.create_table(**definition(name))
        for key in keys:
            self.dynamodb.put_item(TableName=name, Item={"id": {"S": key}})

    def back_up(self, table, name):
        """Returns the ARN of a new backup."""
        return self.dynamodb.create_backup(TableName=table, BackupName=name)["BackupDetails"][
            "BackupArn"
        ]

    def listed(self, **arguments):
        """Returns the names of the backups on each page of the paginator."""
        pages = self.dynamodb.get_paginator("list_backups").paginate(**arguments)
        return [[backup["BackupName"] for backup in page["BackupSummaries"]] for page in pages]


class Backups(BackupsTestCase):
    def test_restore_from_backup(self):
        """A backup survives later writes and the deletion of the table, and restores the table."""
        self.create("lost", "a", "b")
        before = datetime.datetime.now(datetime.timezone.utc)
        arn = self.back_up("lost", "nightly")
        self.dynamodb.put_item(TableName="lost", Item={"id": {"S": "later"}})
        self.dynamodb.delete_table(TableName="lost")

        described = self.dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]
        details = described["BackupDetails"]
        self.assertEqual(
            (details["BackupName"], details["BackupStatus"], details["BackupType"]),
            ("nightly", "AVAILABLE", "USER"),
        )
        age = abs(details["BackupCreationDateTime"] - before)
        self.assertLess(age, datetime.timedelta(minutes=1))
        source = described["SourceTableDetails"]
        self.assertEqual((source["TableName"], source["ItemCount"]), ("lost", 2))
        self.assertEqual(source["KeySchema"], definition("lost")["KeySchema"])

        restored = self.dynamodb.restore_table_from_backup(TargetTableName="lost", BackupArn=arn)
        summary = restored["TableDescription"]["RestoreSummary"]
        self.assertEqual(summary["SourceBackupArn"], arn)
        self.assertEqual(summary["RestoreDateTime"], details["BackupCreationDateTime"])
        self.dynamodb.get_waiter("table_exists").wait(TableName="lost")
        self.assertEqual(ids(self.dynamodb, "lost"), {"a", "b"})

    def test_pages(self):
        """The paginator follows LastEvaluatedBackupArn: oldest first, two per page."""
        self.create("paged")
        self.create("other")
        names = [f"backup{number}" for number in range(5)]
        for name in names:
            self.back_up("paged", name)
        self.back_up("other", "backup0")
        pages = self.listed(TableName="paged", PaginationConfig={"PageSize": 2})
        self.assertEqual(pages, [names[0:2], names[2:4], names[4:]])

    def test_a_deleted_backup(self):
        """The delete returns it as DELETED; later calls get an error of its own class."""
        self.create("once")
        arn = self.back_up("once", "once")
        deleted = self.dynamodb.delete_backup(BackupArn=arn)["BackupDescription"]
        self.assertEqual(deleted["BackupDetails"]["BackupStatus"], "DELETED")
        self.assertEqual(self.listed(TableName="once"), [[]])
        missing = self.dynamodb.exceptions.BackupNotFoundException
        for call, arguments in (
            (self.dynamodb.describe_backup, {}),
            (self.dynamodb.delete_backup, {}),
            (self.dynamodb.restore_table_from_backup, {"TargetTableName": "twice"}),
        ):
            with self.subTest(call.__name__):
                with self.assertRaises(missing):
                    call(BackupArn=arn, **arguments)

    def test_error_classes(self):
        """Programs catch these classes, which differ from those of item operations."""
        self.create("there")
        arn = self.back_up("there", "there")
        errors = self.dynamodb.exceptions
        with self.assertRaises(errors.TableNotFoundException):
            self.dynamodb.create_backup(TableName="absent", BackupName="none")
        with self.assertRaises(errors.TableAlreadyExistsException):
            self.dynamodb.restore_table_from_backup(TargetTableName="there", BackupArn=arn)
        with self.assertRaises(ClientError) as caught:
            self.dynamodb.describe_backup(BackupArn="x" * 40)
        self.assertEqual(
            caught.exception.response["Error"],
            {"Code": "ValidationException", "Message": "Invalid Backup ARN"},
        )


class PointInTimeRecovery(BackupsTestCase):
    def recovery_of(self, name):
        """Returns the PointInTimeRecoveryDescription of a table."""
        answer = self.dynamodb.describe_continuous_backups(TableName=name)
        description = answer["ContinuousBackupsDescription"]
        self.assertEqual(description["ContinuousBackupsStatus"], "ENABLED")
        return description["PointInTimeRecoveryDescription"]

    def enable(self, name):
        return self.dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification=recovery(True)
        )["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]

    def test_switch(self):
        """The response that enables recovery shows it as enabled; boto3 parses its times as
        dates."""
        self.create("switched")
        off = {"PointInTimeRecoveryStatus": "DISABLED"}
        self.assertEqual(self.recovery_of("switched"), off)
        enabled = self.enable("switched")
        self.assertEqual(enabled["PointInTimeRecoveryStatus"], "ENABLED")
        now = datetime.datetime.now(datetime.timezone.utc)
        for bound in ("EarliestRestorableDateTime", "LatestRestorableDateTime"):
            self.assertLess(abs(enabled[bound] - now), datetime.timedelta(minutes=1))
        self.assertEqual(self.recovery_of("switched"), enabled)
        self.dynamodb.update_continuous_backups(
            TableName="switched", PointInTimeRecoverySpecification=recovery(False)
        )
        self.assertEqual(self.recovery_of("switched"), off)

    def test_restore(self):
        """The latest state is restored into a new table. A time before recovery was enabled, and a
        table without recovery, get errors of their own classes."""
        self.create("source", "a", "b")
        errors = self.dynamodb.exceptions
        restore = self.dynamodb.restore_table_to_point_in_time
        latest = {"SourceTableName": "source", "UseLatestRestorableTime": True}
        with self.assertRaises(errors.PointInTimeRecoveryUnavailableException):
            restore(TargetTableName="copy", **latest)
        self.enable("source")
        with self.assertRaises(errors.InvalidRestoreTimeException):
            restore(
                SourceTableName="source",
                TargetTableName="copy",
                RestoreDateTime=datetime.datetime(2001, 1, 1),
            )
        restore(TargetTableName="copy", **latest)
        self.dynamodb.delete_item(TableName="source", Key={"id": {"S": "a"}})
        self.dynamodb.get_waiter("table_exists").wait(TableName="copy")
        self.assertEqual(ids(self.dynamodb, "copy"), {"a", "b"})
        with self.assertRaises(errors.TableAlreadyExistsException):
            restore(TargetTableName="copy", **latest)

    def test_restore_of_a_past_state(self):
        """Past states exist only as backups; the newest one that is not later is restored."""
        self.create("past", "early")
        self.enable("past")
        self.back_up("past", "early")
        time.sleep(1.1)  # boto3 sends times in whole seconds
        self.dynamodb.put_item(TableName="past", Item={"id": {"S": "late"}})
        self.dynamodb.restore_table_to_point_in_time(
            SourceTableName="past",
            TargetTableName="past_again",
            RestoreDateTime=datetime.datetime.now(datetime.timezone.utc),
        )
        self.assertEqual(ids(self.dynamodb, "past_again"), {"early"})

    def test_a_deleted_table(self):
        """A deleted table with recovery leaves a system backup for 35 days."""
        self.create("mourned", "a", "b")
        self.enable("mourned")
        self.dynamodb.delete_table(TableName="mourned")
        self.assertEqual(self.listed(TableName="mourned"), [[]])
        for kind in ("SYSTEM", "ALL"):
            self.assertEqual(
                self.listed(TableName="mourned", BackupType=kind),
                [["mourned$DeletedTableBackup"]],
            )
        (backup,) = self.dynamodb.list_backups(BackupType="SYSTEM")["BackupSummaries"]
        self.assertEqual(
            backup["BackupExpiryDateTime"] - backup["BackupCreationDateTime"],
            datetime.timedelta(days=35),
        )
        with self.assertRaises(ClientError) as caught:
            self.dynamodb.delete_backup(BackupArn=backup["BackupArn"])
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")
        self.dynamodb.restore_table_from_backup(
            TargetTableName="mourned", BackupArn=backup["BackupArn"]
        )
        self.assertEqual(ids(self.dynamodb, "mourned"), {"a", "b"})


if __name__ == "__main__":
    unittest.main()

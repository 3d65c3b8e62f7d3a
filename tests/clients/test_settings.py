"""Infrastructure tools write settings that have no effect here, and read them back to compare.

Infrastructure as code reads back what it wrote and waits for it to be on or off; without
global tables it expects errors of the classes that it catches. Source: api, UpdateContributorInsights,
EnableKinesisStreamingDestination, DescribeGlobalTable; recorded answers.
"""

import unittest

from botocore.exceptions import ClientError

from server_process import ServerTestCase
from tables import definition

STREAM_ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/changes"


class SettingsTestCase(ServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dynamodb = cls.client()

    def create(self, name):
        self.dynamodb.create_table(**definition(name))


class ContributorInsights(SettingsTestCase):
    def describe(self, name):
        return self.dynamodb.describe_contributor_insights(TableName=name)

    def update(self, name, action):
        answer = self.dynamodb.update_contributor_insights(
            TableName=name, ContributorInsightsAction=action
        )
        return answer["ContributorInsightsStatus"]

    def test_on_and_off(self):
        """The status changes over ENABLING and DISABLING, and has the time of the last change."""
        self.create("counted")
        self.assertEqual(self.describe("counted")["ContributorInsightsStatus"], "DISABLED")
        self.assertEqual(self.update("counted", "ENABLE"), "ENABLING")
        described = self.describe("counted")
        self.assertEqual(described["ContributorInsightsStatus"], "ENABLED")
        self.assertTrue(described["ContributorInsightsRuleList"])
        self.assertIn("LastUpdateDateTime", described)
        self.assertEqual(self.update("counted", "DISABLE"), "DISABLING")
        self.assertEqual(self.describe("counted")["ContributorInsightsStatus"], "DISABLED")

    def test_list_in_pages(self):
        """NextToken leads through all tables with contributor insights."""
        names = [f"listed{number}" for number in range(5)]
        for name in names:
            self.create(name)
            self.update(name, "ENABLE")
        seen = []
        arguments = {"MaxResults": 2}
        while True:
            answer = self.dynamodb.list_contributor_insights(**arguments)
            seen += [summary["TableName"] for summary in answer["ContributorInsightsSummaries"]]
            if "NextToken" not in answer:
                break
            arguments["NextToken"] = answer["NextToken"]
        self.assertEqual([name for name in seen if name in names], names)

    def test_unknown_table(self):
        with self.assertRaises(self.dynamodb.exceptions.ResourceNotFoundException):
            self.describe("absent")


class KinesisDestinations(SettingsTestCase):
    def destinations(self):
        answer = self.dynamodb.describe_kinesis_streaming_destination(TableName="sent")
        return [
            (destination["StreamArn"], destination["DestinationStatus"])
            for destination in answer["KinesisDataStreamDestinations"]
        ]

    def test_on_and_off(self):
        """A destination is ENABLING, then ACTIVE, and stays in the list when it is disabled."""
        self.create("sent")
        self.assertEqual(self.destinations(), [])
        request = {"TableName": "sent", "StreamArn": STREAM_ARN}
        enabled = self.dynamodb.enable_kinesis_streaming_destination(**request)
        self.assertEqual(enabled["DestinationStatus"], "ENABLING")
        self.assertEqual(self.destinations(), [(STREAM_ARN, "ACTIVE")])
        with self.assertRaises(ClientError) as caught:
            self.dynamodb.enable_kinesis_streaming_destination(**request)
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")
        disabled = self.dynamodb.disable_kinesis_streaming_destination(**request)
        self.assertEqual(disabled["DestinationStatus"], "DISABLING")
        self.assertEqual(self.destinations(), [(STREAM_ARN, "DISABLED")])


class GlobalTables(SettingsTestCase):
    def test_no_global_tables(self):
        """A table of one region is not a global table, and the account has no global tables."""
        self.create("regional")
        errors = self.dynamodb.exceptions
        for error, call in (
            (errors.GlobalTableNotFoundException, self.dynamodb.describe_global_table),
            (errors.GlobalTableNotFoundException, self.dynamodb.describe_global_table_settings),
        ):
            with self.subTest(call.__name__):
                with self.assertRaises(error):
                    call(GlobalTableName="regional")
        with self.assertRaises(errors.ResourceNotFoundException):
            self.dynamodb.describe_table_replica_auto_scaling(TableName="regional")
        self.assertEqual(self.dynamodb.list_global_tables()["GlobalTables"], [])

    def test_creation_is_rejected(self):
        """AWS does not create tables of this version any more; neither does Pageturner."""
        with self.assertRaises(ClientError) as caught:
            self.dynamodb.create_global_table(
                GlobalTableName="worldwide", ReplicationGroup=[{"RegionName": "us-east-1"}]
            )
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")
        self.assertIn("is not supported", caught.exception.response["Error"]["Message"])


if __name__ == "__main__":
    unittest.main()

"""Deployment tools write tags and read them back with boto3, which must accept the empty response
of TagResource and the single page of ListTagsOfResource."""

import unittest

from botocore.exceptions import ClientError

from server_process import ServerTestCase


def definition(name, tags):
    """Returns the arguments of CreateTable for a table with tags."""
    return {
        "TableName": name,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "Tags": as_list(tags),
    }


def as_list(tags):
    """Returns a dictionary of tags in the form of requests."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class Tags(ServerTestCase):
    def tags(self, client, arn):
        """Returns all tags of the table as a dictionary, using the paginator."""
        pages = list(client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn))
        self.assertEqual(len(pages), 1)
        return {tag["Key"]: tag["Value"] for tag in pages[0]["Tags"]}

    def test_write_and_read_back(self):
        """Written tags are visible to the next call, also from another region."""
        client = self.client()
        created = client.create_table(**definition("tagged", {"team": "blue", "stage": "test"}))
        arn = created["TableDescription"]["TableArn"]
        self.assertEqual(self.tags(client, arn), {"team": "blue", "stage": "test"})
        client.tag_resource(ResourceArn=arn, Tags=as_list({"stage": "prod", "cost center": "ü/1"}))
        client.untag_resource(ResourceArn=arn, TagKeys=["team", "never there"])
        self.assertEqual(self.tags(client, arn), {"stage": "prod", "cost center": "ü/1"})
        other = self.client(region="eu-central-1")
        other_arn = other.describe_table(TableName="tagged")["Table"]["TableArn"]
        self.assertNotEqual(other_arn, arn)
        self.assertEqual(self.tags(other, other_arn), {"stage": "prod", "cost center": "ü/1"})

    def test_fifty_on_one_page(self):
        """As on AWS there is no second page, since a table has at most 50 tags."""
        client = self.client()
        fifty = {f"key {number}": str(number) for number in range(50)}
        arn = client.create_table(**definition("many", fifty))["TableDescription"]["TableArn"]
        self.assertEqual(self.tags(client, arn), fifty)
        with self.assertRaises(ClientError) as caught:
            client.tag_resource(ResourceArn=arn, Tags=as_list({"one more": ""}))
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")

    def test_stream(self):
        """A stream has tags of its own, which are kept when the stream is disabled: what
        CloudFormation does for StreamSpecification.Tags, which the API does not have."""
        client = self.client()
        stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        created = client.create_table(
            **definition("streamed", {"of": "table"}), StreamSpecification=stream
        )["TableDescription"]
        arn = created["LatestStreamArn"]
        self.assertEqual(self.tags(client, arn), {})
        client.tag_resource(ResourceArn=arn, Tags=as_list({"of": "stream", "a": "b"}))
        client.untag_resource(ResourceArn=arn, TagKeys=["a"])
        client.update_table(TableName="streamed", StreamSpecification={"StreamEnabled": False})
        self.assertEqual(self.tags(client, arn), {"of": "stream"})
        self.assertEqual(self.tags(client, created["TableArn"]), {"of": "table"})

    def test_other_account(self):
        """An ARN of another account is an error that all SDKs know from AWS."""
        client = self.client()
        with self.assertRaises(ClientError) as caught:
            client.list_tags_of_resource(
                ResourceArn="arn:aws:dynamodb:us-east-1:123456789012:table/tagged"
            )
        self.assertEqual(
            caught.exception.response["Error"],
            {"Code": "AccessDeniedException", "Message": "Access is denied"},
        )

    def test_no_such_table(self):
        """An unknown table is an error of its own class."""
        client = self.client()
        arn = "arn:aws:dynamodb:us-east-1:000000000000:table/missing"
        with self.assertRaises(client.exceptions.ResourceNotFoundException):
            client.list_tags_of_resource(ResourceArn=arn)


if __name__ == "__main__":
    unittest.main()

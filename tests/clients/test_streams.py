"""Consumers follow a stream with boto3 as on AWS: shards, iterators, records, to the end.

A copy built from the records of a table's stream must equal the table. Source: guide, "Change data
capture for DynamoDB Streams" (reading shards), and api, DynamoDB Streams.
"""

import random
import re
import unittest

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from server_process import ServerTestCase, settings
from tables import definition


def with_stream(name, view_type="NEW_AND_OLD_IMAGES", sort_key=None):
    """Returns the arguments of CreateTable for a table with a stream."""
    return definition(name, sort_key) | {
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": view_type}
    }


def plain(attributes):
    """Returns attributes in wire form as Python values."""
    return {name: TypeDeserializer().deserialize(value) for name, value in attributes.items()}


def shards_of(streams, arn, **page):
    """Returns all shards of a stream, page by page."""
    shards = []
    request = {"StreamArn": arn, **page}
    while True:
        described = streams.describe_stream(**request)["StreamDescription"]
        shards += described["Shards"]
        if "LastEvaluatedShardId" not in described:
            return shards
        request["ExclusiveStartShardId"] = described["LastEvaluatedShardId"]


def read_shard(streams, arn, shard_id, **page):
    """Returns the records of a shard: to its end, or if it is open until a response is empty."""
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard_id, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = []
    while iterator is not None:
        answer = streams.get_records(ShardIterator=iterator, **page)
        records += answer["Records"]
        iterator = answer.get("NextShardIterator") if answer["Records"] else None
    return records


class StreamsTestCase(ServerTestCase):
    @classmethod
    def streams(cls):
        """Returns a client of DynamoDB Streams that is closed after the tests."""
        client = cls.session.client("dynamodbstreams", **settings(cls.server.endpoint))
        cls.addClassCleanup(client.close)
        return client

    def write_at_random(self, table, seed):
        """Puts, updates and deletes items of a few keys. Returns the remaining items."""
        draw = random.Random(seed)
        for _ in range(300):
            key = {"id": f"p{draw.randrange(8)}", "part": str(draw.randrange(3))}
            what = draw.randrange(4)
            if what == 0:
                table.delete_item(Key=key)
            elif what == 1:
                table.put_item(Item=key | {"n": draw.randrange(3), "tags": {"a", "b"}})
            else:
                table.update_item(
                    Key=key,
                    UpdateExpression="SET n = :n",
                    ExpressionAttributeValues={":n": draw.randrange(3)},
                )
        return {(item["id"], item["part"]): item for item in table.scan()["Items"]}

    def replay(self, records, copy):
        """Applies the records to `copy`, and compares their images with it."""
        for record in records:
            change = record["dynamodb"]
            key = tuple(plain(change["Keys"])[name] for name in ("id", "part"))
            before = plain(change["OldImage"]) if "OldImage" in change else None
            self.assertEqual(before, copy.pop(key, None))
            if "NewImage" in change:
                copy[key] = plain(change["NewImage"])
            expected = {(False, True): "INSERT", (True, True): "MODIFY", (True, False): "REMOVE"}
            self.assertEqual(
                record["eventName"], expected["OldImage" in change, "NewImage" in change]
            )


class Consumer(StreamsTestCase):
    def test_records_make_a_copy(self):
        """A copy made from the stream alone equals the table, also when read in small parts."""
        seed = 7
        table = self.resource().create_table(**with_stream("copied", sort_key="part"))
        items = self.write_at_random(table, seed)
        streams = self.streams()
        listed = streams.list_streams(TableName="copied")["Streams"]
        self.assertEqual([stream["StreamArn"] for stream in listed], [table.latest_stream_arn])
        (shard,) = shards_of(streams, table.latest_stream_arn)
        self.assertNotIn("EndingSequenceNumber", shard["SequenceNumberRange"])
        records = read_shard(streams, table.latest_stream_arn, shard["ShardId"], Limit=17)
        copy = {}
        self.replay(records, copy)
        self.assertEqual(copy, items, f"seed {seed}")
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        self.assertEqual(numbers, sorted(set(numbers), key=int))
        starting = shard["SequenceNumberRange"]["StartingSequenceNumber"]
        self.assertGreater(int(numbers[0]), int(starting))
        ids = {record["eventID"] for record in records}
        self.assertEqual(len(ids), len(records))
        self.assertTrue(all(re.fullmatch("[0-9a-f]{32}", event_id) for event_id in ids))

    def test_end_of_a_deleted_table(self):
        """The stream of a deleted table can be read to its end, where there is no next iterator."""
        table = self.resource().create_table(**with_stream("deleted", "KEYS_ONLY"))
        for number in range(5):
            table.put_item(Item={"id": str(number)})
        arn = table.latest_stream_arn
        table.delete()
        streams = self.streams()
        (shard,) = shards_of(streams, arn)
        ending = int(shard["SequenceNumberRange"]["EndingSequenceNumber"])
        request = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(StreamArn=arn, **request)["ShardIterator"]
        answer = streams.get_records(ShardIterator=iterator, Limit=4)
        self.assertEqual(len(answer["Records"]), 4)
        answer = streams.get_records(ShardIterator=answer["NextShardIterator"], Limit=4)
        self.assertEqual(len(answer["Records"]), 1)
        self.assertNotIn("NextShardIterator", answer)
        self.assertLess(int(answer["Records"][0]["dynamodb"]["SequenceNumber"]), ending)

    def test_large_records_come_in_parts(self):
        """A response has at most 1 MB, for any Limit."""
        table = self.resource().create_table(**with_stream("large", "NEW_IMAGE"))
        for number in range(5):
            table.put_item(Item={"id": str(number), "text": "x" * 399_000})
        streams = self.streams()
        (shard,) = shards_of(streams, table.latest_stream_arn)
        iterator = streams.get_shard_iterator(
            StreamArn=table.latest_stream_arn,
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        counts = []
        for _ in range(4):
            answer = streams.get_records(ShardIterator=iterator)
            counts.append(len(answer["Records"]))
            iterator = answer["NextShardIterator"]
        self.assertEqual(counts, [2, 2, 1, 0])

    def test_error_classes(self):
        """Programs catch errors by boto3's classes for the service's error types."""
        streams = self.streams()
        arn = "arn:aws:dynamodb:us-east-1:000000000000:table/no/stream/2020-01-01T00:00:00.000"
        with self.assertRaises(streams.exceptions.ResourceNotFoundException):
            streams.describe_stream(StreamArn=arn)
        with self.assertRaises(ClientError) as caught:
            streams.get_records(ShardIterator="garbage")
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")


class Shards(StreamsTestCase):
    flags = ("--stream-shards", "5")

    def test_changes_of_an_item_stay_in_one_shard(self):
        """Shards can be read one after the other: each has all changes of its items, in order."""
        seed = 11
        table = self.resource().create_table(**with_stream("spread", sort_key="part"))
        items = self.write_at_random(table, seed)
        streams = self.streams()
        shards = shards_of(streams, table.latest_stream_arn, Limit=2)
        self.assertEqual(len({shard["ShardId"] for shard in shards}), 5)
        copy = {}
        shards_with_records = 0
        for shard in shards:
            records = read_shard(streams, table.latest_stream_arn, shard["ShardId"])
            shards_with_records += bool(records)
            self.replay(records, copy)
        self.assertEqual(copy, items, f"seed {seed}")
        self.assertGreater(shards_with_records, 1)


if __name__ == "__main__":
    unittest.main()

"""Valid requests of nearly all operations, and the data they need."""

from mixed_load import orders_definition
from server import (
    chunk,
    head,
    operation_headers,
    operation_request,
    streams_target,
)

KEY = {"id": {"S": "a"}, "number": {"N": "1"}}
ITEM = {
    **KEY,
    "group": {"S": "g"},
    "rank": {"N": "-1.5e3"},
    "blob": {"B": "AAEC/w=="},
    "set": {"SS": ["x", "y"]},
    "numbers": {"NS": ["1", "2.50"]},
    "blobs": {"BS": ["AA==", "AQ=="]},
    "map": {"M": {"parts": {"L": [{"NULL": True}, {"BOOL": False}, {"S": "\u00e9\\\""}]}}},
    "count": {"N": "0"},
    "expires": {"N": "1"},
}
BASE_TABLES = {"orders", "made", "witness"}


def made_definition(name):
    """Returns the definition of an empty table that requests create and delete."""
    return {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        "Tags": [{"Key": "owner", "Value": "me"}],
    }


def prepare(server):
    """Creates missing data of the requests, and deletes what mutated requests have created."""
    names = server.must("ListTables", {})["TableNames"]
    while names:
        for name in set(names) - BASE_TABLES:
            if server.call("DeleteTable", {"TableName": name})[0] != 200:
                change = {"TableName": name, "DeletionProtectionEnabled": False}
                server.must("UpdateTable", change)
                server.must("DeleteTable", {"TableName": name})
        if len(names) < 100:
            break
        names = server.must("ListTables", {"ExclusiveStartTableName": names[-1]})["TableNames"]
    # System backups, of tables deleted with recovery enabled, cannot be deleted.
    while backups := server.must("ListBackups", {"BackupType": "USER"})["BackupSummaries"]:
        for backup in backups:
            server.must("DeleteBackup", {"BackupArn": backup["BackupArn"]})
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    for definition in ({**orders_definition(), "StreamSpecification": stream}, made_definition("made")):
        if server.call("DescribeTable", {"TableName": definition["TableName"]})[0] != 200:
            server.must("CreateTable", definition)
    for number in range(8):
        item = {**ITEM, "number": {"N": str(number)}}
        server.must("PutItem", {"TableName": "orders", "Item": item})


def operations(server):
    """Returns operations with parameters, all valid in this order after prepare()."""
    table = {"TableName": "orders"}
    one = {**table, "Key": KEY}
    names = {"#n": "number", "#c": "count", "#g": "group", "#m": "map"}
    described = server.must("DescribeTable", table)["Table"]
    arn = described["TableArn"]
    backup = server.must("CreateBackup", {**table, "BackupName": "first"})["BackupDetails"]
    return [
        ("PutItem", {**table, "Item": ITEM, "ReturnConsumedCapacity": "INDEXES"}),
        (
            "PutItem",
            {
                **table,
                "Item": ITEM,
                "ConditionExpression": "attribute_exists(id) AND NOT (size(#m.parts) > :v) OR "
                "contains(#g, :s) AND #n BETWEEN :v AND :w",
                "ExpressionAttributeNames": {k: names[k] for k in ("#m", "#g", "#n")},
                "ExpressionAttributeValues": {
                    ":v": {"N": "9"},
                    ":w": {"N": "10"},
                    ":s": {"S": "x"},
                },
                "ReturnValues": "ALL_OLD",
            },
        ),
        ("GetItem", {**one, "ProjectionExpression": "#m.parts[1], id", "ConsistentRead": True,
                     "ExpressionAttributeNames": {"#m": "map"}}),
        ("GetItem", {**one, "AttributesToGet": ["id", "rank"]}),
        (
            "UpdateItem",
            {
                **one,
                "UpdateExpression": "SET #m.parts[0] = if_not_exists(absent, :v), #c = #c + :n "
                "REMOVE #m.parts[2] ADD numbers :ns DELETE #s :ss",
                "ExpressionAttributeNames": {"#m": "map", "#c": "count", "#s": "set"},
                "ExpressionAttributeValues": {
                    ":v": {"S": "new"},
                    ":n": {"N": "1"},
                    ":ns": {"NS": ["7"]},
                    ":ss": {"SS": ["zz"]},
                },
                "ReturnValues": "UPDATED_NEW",
            },
        ),
        (
            "UpdateItem",
            {
                **one,
                "AttributeUpdates": {"rank": {"Action": "ADD", "Value": {"N": "2"}}},
                "Expected": {"id": {"ComparisonOperator": "EQ", "AttributeValueList": [KEY["id"]]}},
            },
        ),
        ("DeleteItem", {**table, "Key": {**KEY, "number": {"N": "7"}}, "ReturnValues": "ALL_OLD"}),
        (
            "BatchWriteItem",
            {
                "RequestItems": {
                    "orders": [
                        {"PutRequest": {"Item": {**ITEM, "number": {"N": "2"}}}},
                        {"DeleteRequest": {"Key": {**KEY, "number": {"N": "6"}}}},
                    ]
                }
            },
        ),
        (
            "BatchGetItem",
            {"RequestItems": {"orders": {"Keys": [KEY], "ProjectionExpression": "id, numbers"}}},
        ),
        (
            "Query",
            {
                **table,
                "KeyConditionExpression": "id = :i AND #n > :n",
                "FilterExpression": "begins_with(#g, :g)",
                "ExpressionAttributeNames": {"#n": "number", "#g": "group"},
                "ExpressionAttributeValues": {":i": KEY["id"], ":n": {"N": "0"}, ":g": {"S": "g"}},
                "Limit": 2,
                "ScanIndexForward": False,
                "ExclusiveStartKey": {**KEY, "number": {"N": "5"}},
            },
        ),
        (
            "Query",
            {
                **table,
                "IndexName": "by-group",
                "KeyConditions": {
                    "group": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "g"}]}
                },
                "QueryFilter": {"numbers": {"ComparisonOperator": "NOT_NULL"}},
                "Select": "ALL_ATTRIBUTES",
            },
        ),
        ("Scan", {**table, "Segment": 0, "TotalSegments": 2, "Select": "COUNT"}),
        (
            "Scan",
            {**table, "ScanFilter": {"id": {"ComparisonOperator": "BEGINS_WITH",
                                            "AttributeValueList": [{"S": "a"}]}}, "Limit": 3},
        ),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {**table, "Item": {**ITEM, "number": {"N": "3"}}}},
                    {"Update": {**one, "UpdateExpression": "REMOVE extra"}},
                    {"Delete": {**table, "Key": {**KEY, "number": {"N": "9"}}}},
                    {
                        "ConditionCheck": {
                            **table,
                            "Key": {**KEY, "number": {"N": "4"}},
                            "ConditionExpression": "attribute_not_exists(absent)",
                        }
                    },
                ],
                "ClientRequestToken": "token",
            },
        ),
        ("TransactGetItems", {"TransactItems": [{"Get": {**one, "ProjectionExpression": "id"}}]}),
        ("ExecuteStatement", {"Statement": 'SELECT id, "map" FROM "orders"."by-rank" WHERE id = ? '
                              'AND "rank" < 7 AND begins_with("group", \'g\')',
                              "Parameters": [{"S": "a"}]}),
        ("ExecuteStatement", {"Statement": "UPDATE orders SET extra = {'a': [1, <<'b'>>]} "
                              "SET other = 5 REMOVE other2 WHERE id = 'a' AND \"number\" = 1"}),
        ("ExecuteStatement", {"Statement": "DELETE FROM orders WHERE id = 'z' AND \"number\" = 1"}),
        (
            "BatchExecuteStatement",
            {
                "Statements": [
                    {"Statement": "SELECT * FROM orders WHERE id = 'a' AND \"number\" = 1"}
                ]
            },
        ),
        (
            "ExecuteTransaction",
            {
                "TransactStatements": [
                    {"Statement": "UPDATE orders SET extra = 1 WHERE id = 'a' AND \"number\" = 2"}
                ]
            },
        ),
        ("CreateTable", {**orders_definition(), "TableName": "orders2"}),
        ("DescribeTable", table),
        ("ListTables", {"Limit": 10, "ExclusiveStartTableName": "aaa"}),
        (
            "UpdateTable",
            {
                "TableName": "orders2",
                "AttributeDefinitions": [{"AttributeName": "other", "AttributeType": "B"}],
                "GlobalSecondaryIndexUpdates": [
                    {
                        "Create": {
                            "IndexName": "by-other",
                            "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}],
                            "Projection": {
                                "ProjectionType": "INCLUDE",
                                "NonKeyAttributes": ["text"],
                            },
                        }
                    }
                ],
            },
        ),
        ("DeleteTable", {"TableName": "orders2"}),
        ("UpdateTimeToLive", {**table, "TimeToLiveSpecification": {"AttributeName": "expires",
                                                                   "Enabled": True}}),
        ("DescribeTimeToLive", table),
        ("TagResource", {"ResourceArn": arn, "Tags": [{"Key": "k", "Value": "v"}]}),
        ("ListTagsOfResource", {"ResourceArn": arn}),
        ("UntagResource", {"ResourceArn": arn, "TagKeys": ["k"]}),
        ("DescribeBackup", {"BackupArn": backup["BackupArn"]}),
        ("ListBackups", {**table, "Limit": 5}),
        (
            "RestoreTableFromBackup",
            {"TargetTableName": "restored", "BackupArn": backup["BackupArn"]},
        ),
        ("CreateBackup", {**table, "BackupName": "second"}),
        ("UpdateContinuousBackups", {**table, "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": True}}),
        ("DescribeContinuousBackups", table),
        (
            "RestoreTableToPointInTime",
            {"SourceTableName": "orders", "TargetTableName": "past", "UseLatestRestorableTime": True},
        ),
        ("DescribeLimits", {}),
        ("DescribeEndpoints", {}),
        ("PutResourcePolicy", {"ResourceArn": arn, "Policy": '{"Statement": [{"Effect": "Allow"}]}'}),
        ("GetResourcePolicy", {"ResourceArn": arn}),
        ("DescribeContributorInsights", table),
        ("UpdateContributorInsights", {**table, "ContributorInsightsAction": "ENABLE"}),
    ]


def streams_operations(server):
    """Returns Streams operations with parameters, each valid after the previous ones."""
    described = server.must("DescribeTable", {"TableName": "orders"})["Table"]
    arn = described["LatestStreamArn"]
    stream = server.must("DescribeStream", {"StreamArn": arn}, **streams_target("DescribeStream"))["StreamDescription"]
    wanted = {
        "StreamArn": arn,
        "ShardId": stream["Shards"][0]["ShardId"],
        "ShardIteratorType": "TRIM_HORIZON",
    }
    iterator = server.must("GetShardIterator", wanted, **streams_target("GetShardIterator"))["ShardIterator"]
    return [
        ("ListStreams", {"TableName": "orders"}),
        ("DescribeStream", {"StreamArn": arn, "Limit": 10}),
        ("GetShardIterator", wanted),
        ("GetRecords", {"ShardIterator": iterator, "Limit": 10}),
    ]


def other_heads():
    """Returns requests with headers that the other requests do not have."""
    body = b'{"TableName": "orders"}'
    describe = operation_headers("DescribeTable")
    chunked = {**describe, "Transfer-Encoding": "chunked"}
    preflight = {
        "Host": "localhost",
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-amz-target",
    }
    presigned = (
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=tests%2F20260101%2Fus-east-1%2F"
        "dynamodb%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&"
        "X-Amz-SignedHeaders=host&X-Amz-Signature=00"
    )
    unsigned = {**describe, "Authorization": None, "X-Amz-Date": None, "Content-Length": len(body)}
    return [
        head(chunked) + chunk(body[:7], ";extension=1") + chunk(body[7:]) + b"0\r\nTrailer: 1\r\n\r\n",
        operation_request("DescribeTable", body, Expect="100-continue"),
        operation_request("DescribeTable", body, Connection="close", Origin="http://localhost:3000"),
        operation_request("DescribeTable", body, Content_Type="application/json; charset=utf-8"),
        head(unsigned, path=presigned) + body,
        head({**describe, "Content-Length": len(body)}, path="http://localhost:8010/") + body,
        head({**describe, "Content-Length": len(body)}, version="HTTP/1.0") + body,
        head(preflight, "OPTIONS"),
        head({"Host": "localhost"}, "GET"),
        head({"Host": "localhost"}, "GET", "/metrics"),
    ]

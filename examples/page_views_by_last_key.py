"""Shows how to read pages with ExclusiveStartKey.

A table stores which visitor has seen which page of a web site, once per visitor. Its index lists
the views of a page by time. The program reads four views per request: the LastEvaluatedKey of a
response becomes the ExclusiveStartKey of the next request. Prefer this to the way of
page_views_by_range_condition.py: it needs no additional attribute, and views with the same time are
returned correctly.

Run it with a server on http://localhost:8010, or set PAGETURNER_ENDPOINT:

    python3 examples/page_views_by_last_key.py

Each run drops the table page_view and creates it again.
"""

from datetime import datetime, timedelta

import local_dynamodb

TABLE = "page_view"
INDEX = "by_page_id"
UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}

TABLE_DEFINITION = {
    "TableName": TABLE,
    "KeySchema": [{"AttributeName": "page_id_user_id", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "page_id_user_id", "AttributeType": "S"},
        {"AttributeName": "page_id", "AttributeType": "S"},
        {"AttributeName": "created", "AttributeType": "S"},
    ],
    "ProvisionedThroughput": UNITS,
    "GlobalSecondaryIndexes": [
        {
            "IndexName": INDEX,
            "KeySchema": [
                {"AttributeName": "page_id", "KeyType": "HASH"},
                {"AttributeName": "created", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": UNITS,
        }
    ],
}

PAGES = ["front-page", "news", "imprint"]
USERS = [f"user-{number:02}" for number in range(1, 11)]


def record_view(client, page_id, user_id, created):
    """Stores that the user has seen the page. Returns False if that was stored before."""
    try:
        client.put_item(
            TableName=TABLE,
            Item={
                "page_id_user_id": {"S": f"{page_id}_{user_id}"},
                "page_id": {"S": page_id},
                "user_id": {"S": user_id},
                "created": {"S": str(created)},
            },
            ConditionExpression="attribute_not_exists(page_id_user_id)",
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def read_page(client, page_id, limit, start_key=None):
    """Returns up to `limit` views in order of time, and the start key of the next page or None."""
    request = {
        "TableName": TABLE,
        "IndexName": INDEX,
        "KeyConditions": {
            "page_id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": page_id}]}
        },
        "Limit": limit,
    }
    if start_key is not None:
        request["ExclusiveStartKey"] = start_key
    response = client.query(**request)
    return response["Items"], response.get("LastEvaluatedKey")


def record_all_views(client):
    """Stores a view of every page by every user at intervals of a minute."""
    created = datetime(2024, 5, 1, 9, 0)
    for user_id in USERS:
        for page_id in PAGES:
            record_view(client, page_id, user_id, created)
            created += timedelta(minutes=1)


def main():
    client = local_dynamodb.dynamodb_client()
    local_dynamodb.start_with_empty_table(client, TABLE_DEFINITION)
    record_all_views(client)

    is_new = record_view(client, PAGES[0], USERS[0], datetime(2024, 5, 2, 9, 0))
    print(f"{USERS[0]} sees the {PAGES[0]} again: {'a new view' if is_new else 'already stored'}")

    page_number = 0
    start_key = None
    while True:
        page_number += 1
        views, start_key = read_page(client, PAGES[0], 4, start_key)
        print(f"Page {page_number}:")
        for view in views:
            print(f"  {view['created']['S']}  {view['user_id']['S']}")
        if start_key is None:
            break
        print(f"  continues after {start_key}")


if __name__ == "__main__":
    main()

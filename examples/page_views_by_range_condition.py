"""Shows how to read pages with a condition on the range key, without ExclusiveStartKey.

The views are those of page_views_by_last_key.py. Here the index sorts them by an attribute that is
unique: page, user and time in one string. The last value of a page is the lower bound of the next
request. The attribute must be stored in addition to the attributes it repeats, and it determines
the order: by user, not by time.

Run it with a server on http://localhost:8010, or set PAGETURNER_ENDPOINT:

    python3 examples/page_views_by_range_condition.py

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
        {"AttributeName": "page_id_user_id_created", "AttributeType": "S"},
    ],
    "ProvisionedThroughput": UNITS,
    "GlobalSecondaryIndexes": [
        {
            "IndexName": INDEX,
            "KeySchema": [
                {"AttributeName": "page_id", "KeyType": "HASH"},
                {"AttributeName": "page_id_user_id_created", "KeyType": "RANGE"},
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
    page_and_user = f"{page_id}_{user_id}"
    try:
        client.put_item(
            TableName=TABLE,
            Item={
                "page_id_user_id": {"S": page_and_user},
                "page_id_user_id_created": {"S": f"{page_and_user}_{created}"},
                "page_id": {"S": page_id},
                "user_id": {"S": user_id},
                "created": {"S": str(created)},
            },
            ConditionExpression="attribute_not_exists(page_id_user_id)",
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def read_page_after(client, page_id, limit, last_value=None):
    """Returns up to `limit` views whose range key is greater than `last_value`.

    Without `last_value` these are the first views: all range keys of a page start with the page id
    and are longer, so the page id itself is less than each of them.
    """
    lower_bound = page_id if last_value is None else last_value
    response = client.query(
        TableName=TABLE,
        IndexName=INDEX,
        KeyConditions={
            "page_id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": page_id}]},
            "page_id_user_id_created": {
                "ComparisonOperator": "GT",
                "AttributeValueList": [{"S": lower_bound}],
            },
        },
        Limit=limit,
        ScanIndexForward=True,
    )
    return response["Items"]


def record_all_views(client):
    """Stores a view of every page by every user at intervals of a minute, the last user first."""
    created = datetime(2024, 5, 1, 9, 0)
    for user_id in reversed(USERS):
        for page_id in PAGES:
            record_view(client, page_id, user_id, created)
            created += timedelta(minutes=1)


def main():
    client = local_dynamodb.dynamodb_client()
    local_dynamodb.start_with_empty_table(client, TABLE_DEFINITION)
    record_all_views(client)

    limit = 4
    page_number = 0
    last_value = None
    while True:
        page_number += 1
        views = read_page_after(client, PAGES[0], limit, last_value)
        print(f"Page {page_number}:")
        for view in views:
            print(f"  {view['user_id']['S']}  {view['created']['S']}")
        if len(views) < limit:
            break
        last_value = views[-1]["page_id_user_id_created"]["S"]
        print(f"  continues after {last_value!r}")


if __name__ == "__main__":
    main()

"""Reads all items that match a query, over any number of pages of 1 MB.

A response contains at most 1 MB of items, with or without a Limit. So each program that reads more
than a few items needs the loop of all_views() below: repeat the request with the LastEvaluatedKey
of the response until a response has none. The program writes about 4.5 MB of views of one page,
mixed with views of another, and reads them back.

Run it with a server on http://localhost:8010, or set PAGETURNER_ENDPOINT:

    python3 examples/all_page_views.py

Each run drops the table page_view and creates it again.
"""

from datetime import datetime, timedelta

import local_dynamodb
from page_views_by_last_key import INDEX, TABLE, TABLE_DEFINITION

BATCH_SIZE = 25  # the maximum for BatchWriteItem
VIEW_COUNT = 900


def make_view(page_id, user_number, created):
    """Returns a view with a comment of 4,000 to 6,000 bytes in UTF-8."""
    user_id = f"user-{user_number:04}"
    return {
        "page_id_user_id": {"S": f"{page_id}_{user_id}"},
        "page_id": {"S": page_id},
        "user_id": {"S": user_id},
        "created": {"S": str(created)},
        "comment": {"S": "très bien, " * (334 + user_number * 37 % 166)},
    }


def make_views(page_id, count):
    """Returns `count` views of one page at intervals of one second."""
    start = datetime(2024, 5, 1, 9, 0)
    return [
        make_view(page_id, number, start + timedelta(seconds=number)) for number in range(count)
    ]


def write_views(client, views):
    """Stores the views with as few requests as possible."""
    for begin in range(0, len(views), BATCH_SIZE):
        batch = views[begin : begin + BATCH_SIZE]
        unwritten = {TABLE: [{"PutRequest": {"Item": view}} for view in batch]}
        while unwritten:
            unwritten = client.batch_write_item(RequestItems=unwritten).get("UnprocessedItems")


def all_views(client, page_id):
    """Yields every view of the page in order of time, and requests further pages as needed."""
    request = {
        "TableName": TABLE,
        "IndexName": INDEX,
        "KeyConditions": {
            "page_id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": page_id}]}
        },
    }
    while True:
        response = client.query(**request)
        yield from response["Items"]
        if "LastEvaluatedKey" not in response:
            return
        request["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def main():
    client = local_dynamodb.dynamodb_client()
    local_dynamodb.start_with_empty_table(client, TABLE_DEFINITION)
    write_views(client, make_views("front-page", VIEW_COUNT) + make_views("news", BATCH_SIZE))

    count = 0
    for view in all_views(client, "front-page"):
        count += 1
        if count == 1:
            print(f"The first view: {view['created']['S']} by {view['user_id']['S']}")
    print(f"The last view:  {view['created']['S']} by {view['user_id']['S']}")
    print(f"{count} views in all")


if __name__ == "__main__":
    main()

"""What the example programs share: a client for the endpoint, and a table to start with.

The endpoint is http://localhost:8010 unless the environment variable PAGETURNER_ENDPOINT names
another one.
"""

import os

import boto3

DEFAULT_ENDPOINT = "http://localhost:8010"


def endpoint():
    return os.environ.get("PAGETURNER_ENDPOINT", DEFAULT_ENDPOINT)


def dynamodb_client():
    """Returns a boto3 client of the endpoint.

    Pageturner wants a signature but accepts every key, so that the keys here may be any text.
    """
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint(),
        region_name="us-east-1",
        aws_access_key_id="example",
        aws_secret_access_key="example",
    )


def start_with_empty_table(client, definition):
    """Creates the table that `definition` describes, in place of one of its name.

    The arguments of CreateTable are what `definition` holds. Waiting costs nothing where tables
    come and go at once, and makes the same program right where they do not.
    """
    name = definition["TableName"]
    try:
        client.delete_table(TableName=name)
        client.get_waiter("table_not_exists").wait(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        pass
    client.create_table(**definition)
    client.get_waiter("table_exists").wait(TableName=name)

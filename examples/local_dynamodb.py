"""Shared code of the example programs: a client for the endpoint, and an empty table.

The endpoint is http://localhost:8010 unless the environment variable PAGETURNER_ENDPOINT is set.
"""

import os

import boto3

DEFAULT_ENDPOINT = "http://localhost:8010"


def endpoint():
    return os.environ.get("PAGETURNER_ENDPOINT", DEFAULT_ENDPOINT)


def dynamodb_client():
    """Returns a boto3 client for the endpoint.

    Pageturner requires a signature but accepts any access key, so the keys are arbitrary.
    """
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint(),
        region_name="us-east-1",
        aws_access_key_id="example",
        aws_secret_access_key="example",
    )


def start_with_empty_table(client, definition):
    """Creates the table of `definition`, and deletes an existing table of the same name first.

    `definition` has the arguments of CreateTable. Waiting takes no time on Pageturner, where tables
    change at once, and makes the program correct on DynamoDB.
    """
    name = definition["TableName"]
    try:
        client.delete_table(TableName=name)
        client.get_waiter("table_not_exists").wait(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        pass
    client.create_table(**definition)
    client.get_waiter("table_exists").wait(TableName=name)

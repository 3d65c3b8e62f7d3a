"""Table definitions for tests."""


def definition(name, sort_key=None):
    """Returns the arguments of CreateTable for a table with string keys."""
    names = ["id"] if sort_key is None else ["id", sort_key]
    return {
        "TableName": name,
        "KeySchema": [
            {"AttributeName": attribute, "KeyType": key_type}
            for attribute, key_type in zip(names, ("HASH", "RANGE"))
        ],
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in names
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }

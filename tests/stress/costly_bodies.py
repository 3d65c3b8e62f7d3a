"""Bodies of the worst known requests (costly_requests.py), and the tables that they need."""

import functools
import gzip
import json

from server import MEGABYTE, Connection, check, operation_request, table_definition

BODY_BYTES_MAX = 16 * MEGABYTE


def compact(parameters):
    return json.dumps(parameters, separators=(",", ":")).encode()


def names(prefix, count):
    return [f"{prefix}{number}" for number in range(count)]


def string(value):
    return {"S": value}


ONE = {"id": string("one")}


@functools.cache
def numbers():
    """Returns texts of equal length for as many members as a body can have."""
    return [str(number) for number in range(1_000_000, 1_000_000 + BODY_BYTES_MAX // 10)]


def copies_of(part, room):
    """Returns as many copies of the text `part` as fit into `room` bytes, separated by commas. Where
    `part` has a %d, each copy has another number."""
    before, has_number, after = part.partition("%d")
    if not has_number:
        return ",".join([part] * (room // (len(part) + 1))).encode()
    count = room // (len(before) + len(after) + 8)
    return (before + f"{after},{before}".join(numbers()[:count]) + after).encode()


def filled(parameters, part, size=BODY_BYTES_MAX):
    """Returns a body of at most `size` bytes: `parameters` as JSON, in which the string "..." is
    replaced by copies of `part`."""
    before, after = compact(parameters).split(b'"..."')
    return before + copies_of(part, size - len(before) - len(after)) + after


# ---- Tables.


def sets():
    numbers = [str(number) for number in range(50_000)]
    return [{**ONE, "a": {"NS": numbers}, "b": {"NS": numbers[:-1] + ["50001"]}}]


def maps():
    """Two maps and two lists that differ in their last member, 90 KB each, and nested maps."""
    members = {name: {"NULL": True} for name in names("m", 11_000)}
    nulls = [{"NULL": True}] * 45_000
    return [
        {
            **ONE,
            "a": {"M": {**members, "z": string("1")}},
            "b": {"M": {**members, "z": string("2")}},
            "k": {"L": nulls + [string("1")]},
            "l": {"L": nulls + [string("2")]},
        }
    ]


def nested(value, depth):
    for number in range(depth):
        value = {"M": {"m": value}} if number % 2 else {"L": [value]}
    return value


def deep():
    """31 levels around a list of 190,000 members."""
    return [{**ONE, "a": nested({"L": [{"NULL": True}] * 190_000}, 30)}]


def long_lists():
    """100 items of 380 KB, which take 190,000 values each when they are decoded."""
    nulls = [{"NULL": True}] * 190_000
    return [{"id": string(name), "l": {"L": nulls}} for name in names("k", 100)]


def many_members():
    return [{**ONE, **{name: {"NULL": True} for name in names("m", 50_000)}}]


def long_names():
    return [{**ONE, "x" * 65_535: string("1")}]


TABLES = {
    "sets": sets,
    "maps": maps,
    "deep": deep,
    "members": many_members,
    "long_lists": long_lists,
    "named": long_names,
    "texts": lambda: [{**ONE, "a": string("a" * 390_000)}],
    "lists": lambda: [{**ONE, "l": {"L": [{"NULL": True}] * 195_000}}],
    "small": lambda: [{"id": string("i"), "n": {"N": str(n)}} for n in range(64_000)],
    "ranges": lambda: [],
    "large": lambda: [{"id": string(name), "a": string("x" * 390_000)} for name in names("k", 100)],
    "medium": lambda: [{"id": string(name), "a": string("x" * 40_000)} for name in names("k", 100)],
}


@functools.cache
def requests_to_create(table):
    """Returns requests that create and fill a table."""
    definition = table_definition(table, sort_key="n" if table == "small" else None)
    if table == "ranges":
        definition = table_definition(table, sort_key="s")
        definition["AttributeDefinitions"][1]["AttributeType"] = "S"
    found = [operation_request("CreateTable", compact(definition))]
    items = TABLES[table]()
    count = 5 if table == "long_lists" else 25  # of 2.7 MB as JSON
    for begin in range(0, len(items), count):
        puts = [{"PutRequest": {"Item": item}} for item in items[begin : begin + count]]
        parameters = {"RequestItems": {table: puts}}
        found.append(operation_request("BatchWriteItem", compact(parameters)))
    return found


def fill(server, tables):
    """Creates these tables."""
    with Connection(server.port) as connection:
        for table in tables:
            for request in requests_to_create(table):
                answer = connection.call(request)
                check(answer.status == 200, f"{table}: {answer.status} {answer.body[:200]}")


# ---- Filters and conditions.


def filtered(table, expression, values=None, **more):
    more.update({"ExpressionAttributeValues": values} if values else {})
    return compact({"TableName": table, "FilterExpression": expression, **more})


def ins(left, right):
    """1,881 comparisons of the same two values."""
    return " AND ".join([f"NOT {left} IN (" + ",".join([right] * 99) + ")"] * 19)


def calls_of(function, count):
    return " OR ".join(f"{function},:v{number})" for number in range(count))


def scan_for_text():
    values = {f":v{n}": string("a" * 50_000 + "b" + "a" * (10_000 + n)) for n in range(20)}
    return filtered("texts", calls_of("contains(a", 20), values)


def scan_for_prefixes():
    values = {f":v{n}": string("a" * 8000 + "b" * (n + 1)) for n in range(170)}
    return filtered("texts", calls_of("begins_with(a", 170), values)


def scan_for_members():
    values = {f":v{n}": {"N": str(n)} for n in range(190)}
    return filtered("lists", calls_of("contains(l", 190), values)


def scan_for_members_of_sets():
    values = {f":v{n}": {"N": str(-n - 1)} for n in range(190)}
    return filtered("sets", calls_of("contains(a", 190), values)


def scan_of_sizes(table, name):
    sizes = " OR ".join(f"size({name}) = :v" for _ in range(150))
    return filtered(table, sizes, {":v": {"N": "-1"}})


def scan_of_deep_paths():
    path = "a" + ".m[0]" * 15
    return filtered("deep", " OR ".join(f"{path} = :v{n}" for n in range(40)),
                    {f":v{n}": string("x") for n in range(40)})  # fmt: skip


def scan_with_conditions():
    condition = {"ComparisonOperator": "NULL"}
    filters = {name: condition for name in names("x", 3000)}
    return compact({"TableName": "small", "ScanFilter": filters})


def query_with_conditions(is_on_the_key):
    less = {"ComparisonOperator": "NE", "AttributeValueList": [string("x")]}
    filters = {name: less for name in names("x", 450)}
    if is_on_the_key:
        filters = {"x": {"ComparisonOperator": "IN", "AttributeValueList": [string("x")] * 450}}
    equal = {"ComparisonOperator": "EQ", "AttributeValueList": [string("i")]}
    return compact({"TableName": "small", "KeyConditions": {"id": equal}, "QueryFilter": filters})


def long_name_in_a_filter():
    used = " OR ".join(f"#n = :v{n}" for n in range(150))
    values = {f":v{n}": string("x") for n in range(150)}
    return filtered("named", used, values, ExpressionAttributeNames={"#n": "x" * 65_535})


# ---- Updates.


def update(table, expression, values=None, **more):
    more.update({"ExpressionAttributeValues": values} if values else {})
    return compact({"TableName": table, "Key": ONE, "UpdateExpression": expression, **more})


def update_with_value(expression, part, size, kind="L"):
    parameters = {"TableName": "lists", "Key": ONE, "UpdateExpression": expression}
    values = {":l": {kind: ["..."]}}
    return filled({**parameters, "ExpressionAttributeValues": values}, part, size)


def copies(value, count=150):
    return "SET " + ",".join(f"a{number}={value}" for number in range(count))


def appended(depth):
    return f"list_append(l,{appended(depth - 1)})" if depth else "l"


def add_to_sets(action):
    numbers = [str(number) for number in range(40_000, 100_000)]
    return update("sets", f"{action} a :s", {":s": {"NS": numbers}})


def add_many_sets():
    numbers = [str(number) for number in range(60_000)]
    return update(
        "lists", "ADD " + ",".join(f"a{n} :s" for n in range(300)), {":s": {"NS": numbers}}
    )


def long_name_in_an_update():
    used = ",".join(f"#n.a{n}=:v" for n in range(150))
    return update("named", f"SET {used}", {":v": string("x")},
                  ExpressionAttributeNames={"#n": "x" * 65_535})  # fmt: skip


def update_of_deep_paths():
    path = "a" + ".m[0]" * 15
    return update("deep", "SET " + ",".join(f"{path}[{n}] = :v" for n in range(40)),
                  {":v": string("x")}, ReturnValues="UPDATED_NEW")  # fmt: skip


def removal_of_members():
    return update("lists", "REMOVE " + ",".join(f"l[{n}]" for n in range(0, 100_000, 250)))


# ---- Projections.


def projected(operation, table, expression, **more):
    parameters = {"TableName": table, "ProjectionExpression": expression, **more}
    return compact({**parameters, "Key": ONE} if operation == "GetItem" else parameters)


def indexes(name):
    return ",".join(f"{name}[{n}]" for n in range(0, 195_000, 500))


# ---- Bodies.


def get_with(member, part, size=BODY_BYTES_MAX):
    return filled({"TableName": "sets", "Key": ONE, "x": member}, part, size)


def value_of(kind, part, size=BODY_BYTES_MAX, member="FilterExpression", expression="a = :v"):
    values = {":v": {kind: ["..."]}}
    return filled({"TableName": "lists", member: expression, "ExpressionAttributeValues": values},
                  part, size)  # fmt: skip


def put_of(kind, part, size=BODY_BYTES_MAX):
    return filled({"TableName": "lists", "Item": {**ONE, "a": {kind: ["..."]}}}, part, size)


def members_of(parameters, part, size=BODY_BYTES_MAX):
    """As filled(), but replaces the member "":0 by members of an object."""
    before, after = compact(parameters).split(b'"":0')
    return before + copies_of(part, size - len(before) - len(after)) + after


def values_of_one_in(size=8 * 1024 * 1024 - 1):
    """As many values as fit for one operator."""
    condition = {"a": {"ComparisonOperator": "IN", "AttributeValueList": ["..."]}}
    parameters = {"TableName": "lists", "Item": ONE, "Expected": condition}
    return filled(parameters, '{"S":""}', size)


def scan_members(member, part, size=BODY_BYTES_MAX):
    parameters = {"TableName": "lists", "FilterExpression": "a = b", member: {"": 0}}
    if member in ("ScanFilter", "QueryFilter"):
        del parameters["FilterExpression"]
    return members_of(parameters, part, size)


def nested_json():
    """Equal names at each of 120 levels around a long array: 16 KB as gzip."""
    opening, closing = '{"a":0,"a":' * 120, "}" * 120
    return gzip.compress((opening + "[" + "0," * 2_000_000 + "0]" + closing).encode())


def bomb(text, count):
    return gzip.compress(text * count)


# ---- Batches and transactions.


def batch_of_names():
    keys = {"Keys": [{"id": string("k")}]}
    return compact({"RequestItems": {f"table{number}": keys for number in range(200_000)}})


def batch_of(operation, part, size=BODY_BYTES_MAX):
    requests = {"Keys": ["..."]} if operation == "BatchGetItem" else ["..."]
    return filled({"RequestItems": {"lists": requests}}, part, size)


def get_all(operation, table):
    keys = [{"id": string(name)} for name in names("k", 100)]
    if operation == "BatchGetItem":
        return compact({"RequestItems": {table: {"Keys": keys}}})
    gets = [{"Get": {"TableName": table, "Key": key}} for key in keys]
    return compact({"TransactItems": gets})


def put_hundred(size):
    puts = [
        {"Put": {"TableName": "lists", "Item": {"id": string(name), "a": string("x" * size)}}}
        for name in names("k", 100)
    ]
    return compact({"TransactItems": puts})


def checks_of_large_items():
    """Each shows its item of 390 KB: the answer is as large as DynamoDB lets it be."""
    condition = {
        "TableName": "large",
        "ConditionExpression": "attribute_not_exists(id)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return compact(
        {
            "TransactItems": [
                {"ConditionCheck": {**condition, "Key": {"id": string(name)}}}
                for name in names("k", 100)
            ]
        }
    )


def updates_of_lists():
    """100 updates of one action that each make copies of a list of 300 KB."""
    values = {":l": {"L": [{"NULL": True}] * 3_000}}
    return compact(
        {
            "TransactItems": [
                {
                    "Update": {
                        "TableName": "lists",
                        "Key": {"id": string(name)},
                        "UpdateExpression": copies(":l", 50),
                        "ExpressionAttributeValues": values,
                    }
                }
                for name in names("k", 100)
            ]
        }
    )


def hundred(member, make):
    """Returns 100 actions or statements, made from the keys of `long_lists`."""
    return compact({member: [make(name) for name in names("k", 100)]})


def hundred_actions(action, **more):
    """Returns 100 actions on the items of `long_lists`."""

    def make(name):
        return {action: {"TableName": "long_lists", "Key": {"id": string(name)}, **more}}

    return hundred("TransactItems", make)


def hundred_statements(text):
    return hundred("TransactStatements", lambda name: {"Statement": text.replace("KEY", name)})


def hundred_projected():
    keys = [{"id": string(name)} for name in names("k", 100)]
    projected_keys = {"Keys": keys, "ProjectionExpression": "l[0],l[189999]"}
    return compact({"RequestItems": {"long_lists": projected_keys}})


def hundred_deletes_that_fail():
    return hundred_actions(
        "Delete",
        ConditionExpression="contains(l,:v)",
        ExpressionAttributeValues={":v": {"N": "1"}},
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )


# ---- PartiQL.


def statement_of_alternatives():
    alternatives = " AND ".join(["(s=? OR s=?)"] * 12)
    values = [string("x" * 1000)] + [string(f"{n}" + "y" * 100_000) for n in range(24)]
    statement = f'SELECT * FROM "ranges" WHERE id=? AND {alternatives}'
    return compact({"Statement": statement, "Parameters": values})


def statement(text, part="", size=BODY_BYTES_MAX):
    parameters = {"Statement": text}
    return (
        filled({**parameters, "Parameters": ["..."]}, part, size) if part else compact(parameters)
    )


def condition_of_ors():
    return f"SELECT * FROM lists WHERE id='one' AND ({' OR '.join(f'contains(l,{n})' for n in range(280))})"


def nested_literal():
    return (
        "INSERT INTO lists VALUE {'id':'two','a':" + "[" * 31 + "1," * 3900 + "1" + "]" * 31 + "}"
    )


def statements(member, text, count):
    return compact({member: [{"Statement": text}] * count})


def statements_with_parameters(member, count, size):
    """Each has a list of its own."""
    values = [{"L": [{"NULL": True}] * size}]
    return compact(
        {
            member: [
                {
                    "Statement": f"INSERT INTO lists VALUE {{'id':'k{number}','a':?}}",
                    "Parameters": values,
                }
                for number in range(count)
            ]
        }
    )


# ---- Tables.


DEFINITION = {
    "TableName": "other",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
INDEX_TEXT = (
    '{"IndexName":"i%d","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],'
    '"Projection":{"ProjectionType":"ALL"}}'
)
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/lists"


def create_with(member, part, size=BODY_BYTES_MAX):
    return filled({**DEFINITION, member: ["..."]}, part, size)

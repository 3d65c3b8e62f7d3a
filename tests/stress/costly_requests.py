"""The list of the worst known requests, for the scenario `costs`."""

from dataclasses import dataclass
from typing import Callable

from costly_bodies import (
    ARN,
    BODY_BYTES_MAX,
    INDEX_TEXT,
    ONE,
    add_many_sets,
    add_to_sets,
    appended,
    batch_of,
    batch_of_names,
    bomb,
    checks_of_large_items,
    compact,
    condition_of_ors,
    copies,
    create_with,
    filled,
    filtered,
    get_all,
    get_with,
    hundred_actions,
    hundred_deletes_that_fail,
    hundred_projected,
    hundred_statements,
    indexes,
    ins,
    long_name_in_a_filter,
    long_name_in_an_update,
    members_of,
    names,
    nested_json,
    nested_literal,
    projected,
    put_hundred,
    put_of,
    query_with_conditions,
    removal_of_members,
    scan_for_members,
    scan_for_members_of_sets,
    scan_for_prefixes,
    scan_for_text,
    scan_members,
    scan_of_deep_paths,
    scan_of_sizes,
    scan_with_conditions,
    statement,
    statement_of_alternatives,
    statements,
    statements_with_parameters,
    string,
    update,
    update_of_deep_paths,
    update_with_value,
    updates_of_lists,
    value_of,
    values_of_one_in,
)
from server import MEGABYTE, operation_request

CPU_SECONDS_MAX = 1.0
FILTERED_PAGE_CPU_SECONDS_MAX = 5.0  # more than 100,000 items under more than 100 comparisons
MEMORY_BYTES_MAX = 64 * MEGABYTE
LARGE_BODY_MEMORY_BYTES_MAX = 160 * MEGABYTE  # where the inflated body passes 8 MB
LARGE_BODY_BYTES = 8 * MEGABYTE
WAIT_SECONDS_MAX = 0.05

# Known: these requests break the rule. Their limits, in seconds of CPU and in megabytes, are a little
# above what they cost. A request that keeps the rule again is deleted here.
KNOWN = {
    # Each value becomes a node of a tree.
    "8 MB of values of one IN in Expected": (2, 220),
    # These take 0.8 to 1.2 seconds, depending on what else runs.
    "AttributeUpdates": (1.5, 160),
    "Expected": (1.5, 160),
    "sets as a parameter": (1.5, 160),
    # Each element takes 24 bytes as JSON and 40 as a value, a set 72.
    "8 MB of empty strings as a value": (1, 75),
    "8 MB of binaries as a value": (1, 75),
    "8 MB of sets as a value": (1, 80),
    # They write 266 MB, whose pages take most of the time.
    "100 updates that copy lists": (2, 64),
    "100 updates of long lists": (2.5, 300),
    "100 statements that update": (2.5, 340),
    # The items of the answer, 266 MB, are held beside it.
    "100 deletes that fail": (9, 320),
}

# A quick run leaves out these, which cost no more than others of their kind.
FULL_RUN_ONLY = {
    "100 checks of long lists",
    "100 deletes of long lists",
    "100 deletes that fail",
    "100 projections in a batch",
    "100 statements of EXISTS",
    "100 statements that select",
    "100 statements that update",
    "100 puts of 150 KB",
    "14 MB of nulls as a value",
    "16 MB of binaries as an item",
    "16 MB of empty strings as an item",
    "16 MB of nested maps as an item",
    "16 MB of nulls as an item",
    "16 MB of sets as an item",
    "16 MB of spaces as gzip",
    "16 MB of strings as a set",
    "16 MB of zeros as gzip",
    "25 statements with lists",
    "8 MB of empty strings as a value",
    "a number of 16 MB",
    "a statement of 16 MB",
    "a table name of 16 MB",
    "arrays in an unknown member",
    "attribute definitions",
    "empty index updates",
    "empty tags",
    "equal keys",
    "indexes",
    "list_append of a value",
    "objects in an unknown member",
    "replicas",
    "tags",
}


@dataclass
class Request:
    """A request of the list. `make` returns its body, which is made when it is needed, because all of
    them together take gigabytes. `tables` are names of costly_bodies.TABLES."""

    name: str
    operation: str
    status: int
    make: Callable[[], bytes]
    tables: tuple
    cpu_seconds_max: float = CPU_SECONDS_MAX
    encoding: str = ""

    def bytes_of(self, body):
        headers = {"Content_Encoding": self.encoding} if self.encoding else {}
        return operation_request(self.operation, body, **headers)

    def memory_bytes_max(self, body):
        """Returns the memory that the request may take by the rule, in bytes."""
        # A bomb is inflated no further than to the limit.
        size = BODY_BYTES_MAX if self.encoding else len(body)
        is_large = size > LARGE_BODY_BYTES
        return LARGE_BODY_MEMORY_BYTES_MAX if is_large else MEMORY_BYTES_MAX


def requests_of_filters():
    page = FILTERED_PAGE_CPU_SECONDS_MAX
    deep_path = "a" + ".m[0]" * 15
    return [
        Request("sets in a filter", "Scan", 200, lambda: filtered("sets", ins("a", "b")), ("sets",)),
        Request("maps in a filter", "Scan", 200, lambda: filtered("maps", ins("a", "b")), ("maps",)),
        Request("lists in a filter", "Scan", 200, lambda: filtered("maps", ins("k", "l")), ("maps",)),
        Request(
            "small items in a filter", "Scan", 200, lambda: filtered("small", ins("id", "a")),
            ("small",), cpu_seconds_max=page,
        ),
        Request("contains of a long text", "Scan", 200, scan_for_text, ("texts",)),
        Request("contains of a list", "Scan", 200, scan_for_members, ("lists",)),
        Request("contains of a set", "Scan", 200, scan_for_members_of_sets, ("sets",)),
        Request("begins_with", "Scan", 200, scan_for_prefixes, ("texts",)),
        Request("size of a text", "Scan", 200, lambda: scan_of_sizes("texts", "a"), ("texts",)),
        Request("size of a list", "Scan", 200, lambda: scan_of_sizes("lists", "l"), ("lists",)),
        Request("size of a map", "Scan", 200, lambda: scan_of_sizes("maps", "a"), ("maps",)),
        Request("size of a set", "Scan", 200, lambda: scan_of_sizes("sets", "a"), ("sets",)),
        Request("deep paths in a filter", "Scan", 200, scan_of_deep_paths, ("deep",)),
        Request("a long name in a filter", "Scan", 200, long_name_in_a_filter, ("named",)),
        Request("3,000 conditions", "Scan", 200, scan_with_conditions, ("small",), cpu_seconds_max=page),
        Request(
            "450 conditions", "Query", 200, lambda: query_with_conditions(False), ("small",),
            cpu_seconds_max=page,
        ),
        Request(
            "450 alternatives", "Query", 200, lambda: query_with_conditions(True), ("small",),
            cpu_seconds_max=page,
        ),
        Request(
            "a projection of 390 members", "GetItem", 200,
            lambda: projected("GetItem", "lists", indexes("l")), ("lists",),
        ),
        Request(
            "a projection of deep paths", "GetItem", 200,
            lambda: projected("GetItem", "deep", ",".join(f"{deep_path}[{n}]" for n in range(45))),
            ("deep",),
        ),
        Request(
            "a projection of 700 attributes", "GetItem", 200,
            lambda: projected("GetItem", "members", ",".join(names("m", 700))), ("members",),
        ),
        Request(
            "a projection over a page", "Scan", 200,
            lambda: projected("Scan", "small", ",".join(["id", "n"] + names("m", 690))),
            ("small",), cpu_seconds_max=page,
        ),
        Request(
            "a million AttributesToGet", "Scan", 200,
            lambda: filled({"TableName": "small", "AttributesToGet": ["..."]}, '"a%d"'), ("small",),
        ),
        Request("195,000 members", "GetItem", 200,
                lambda: compact({"TableName": "lists", "Key": ONE}), ("lists",)),
        Request("50,000 attributes", "GetItem", 200,
                lambda: compact({"TableName": "members", "Key": ONE}), ("members",)),
    ]  # fmt: skip


def requests_of_updates():
    return [
        Request("copies of a list", "UpdateItem", 400, lambda: update("lists", copies("l")), ("lists",)),
        Request("copies of a value", "UpdateItem", 400,
                lambda: update_with_value(copies(":l", 450), '{"NULL":true}', 12_600_000),
                ("lists",)),
        Request("list_append", "UpdateItem", 400,
                lambda: update("lists",
                               f"SET l={appended(1)}," + copies("list_append(l,l)", 140)[4:]),
                ("lists",)),
        Request("list_append of a value", "UpdateItem", 400,
                lambda: update_with_value(
                    copies("list_append(:l,:l)"), '{"NULL":true}', 14 * MEGABYTE), ("lists",)),
        Request("ADD to a set", "UpdateItem", 400, lambda: add_to_sets("ADD"), ("sets",)),
        Request("DELETE of a set", "UpdateItem", 200, lambda: add_to_sets("DELETE"), ("sets",)),
        Request("ADD to 300 sets", "UpdateItem", 400, add_many_sets, ("lists",)),
        Request("a long name in an update", "UpdateItem", 400, long_name_in_an_update, ("named",)),
        Request("deep paths in an update", "UpdateItem", 200, update_of_deep_paths, ("deep",)),
        Request("REMOVE of 400 members", "UpdateItem", 200, removal_of_members, ("lists",)),
        Request("AttributeUpdates", "UpdateItem", 400,
                lambda: members_of({"TableName": "lists", "Key": ONE, "AttributeUpdates": {"": 0}},
                                   '"a%d":{"Action":"PUT","Value":{"S":"x"}}'), ("lists",)),
        Request("Expected", "PutItem", 200,
                lambda: members_of({"TableName": "lists", "Item": ONE, "Expected": {"": 0}},
                                   '"a%d":{"Exists":false}'), ("lists",)),
        # Found by search_costs.
        Request("8 MB of values of one IN in Expected", "PutItem", 400, values_of_one_in, ("lists",)),
    ]  # fmt: skip


def requests_of_bodies():
    lists = ("lists",)
    # As large as the 2 MB of all values let them be. Their sizes in JSON differ.
    kinds = {
        "empty strings": ('{"S":""}', 16),
        "numbers": ('{"N":"1"}', 6),
        "nulls": ('{"NULL":true}', 14),
        "empty maps": ('{"M":{}}', 4),
        "empty lists": ('{"L":[]}', 4),
        "nested maps": ('{"M":{"a":{"M":{"b":{"N":"1"}}}}}', 5),
        "sets": ('{"NS":["1"]}', 8),
        "binaries": ('{"B":""}', 16),
    }
    found = []
    for name, (part, megabytes) in kinds.items():
        for size in sorted({min(megabytes, 8), megabytes}):
            found.append(Request(
                f"{size} MB of {name} as a value", "Scan", 200,
                lambda part=part, size=size: value_of("L", part, size * MEGABYTE), lists,
            ))  # fmt: skip
        found.append(Request(f"16 MB of {name} as an item", "PutItem", 400,
                             lambda part=part: put_of("L", part), lists))  # fmt: skip
    return found + [
        Request("equal names in JSON", "Scan", 400, nested_json, (), encoding="gzip"),
        Request("zeros in an unknown member", "GetItem", 200, lambda: get_with(["..."], "0"), ("sets",)),
        Request("arrays in an unknown member", "GetItem", 200, lambda: get_with(["..."], "[]"), ("sets",)),
        Request("objects in an unknown member", "GetItem", 200,
                lambda: get_with(["..."], '{"":0}'), ("sets",)),
        Request("unknown members", "GetItem", 200,
                lambda: members_of({"TableName": "sets", "Key": ONE, "x": {"": 0}}, '"a%d":0'),
                ("sets",)),
        Request("attributes of an item", "PutItem", 400,
                lambda: members_of({"TableName": "lists", "Item": {"": 0}}, '"a%d":{"S":""}'),
                lists),
        Request("members of a map", "PutItem", 400,
                lambda: members_of({"TableName": "lists", "Item": {**ONE, "m": {"M": {"": 0}}}},
                                   '"a%d":{"S":""}'), lists),
        Request("unused names", "Scan", 400,
                lambda: scan_members("ExpressionAttributeNames", '"#%d":"a"'), lists),
        Request("unused values", "Scan", 400,
                lambda: scan_members("ExpressionAttributeValues", '":%d":{"S":""}'), lists),
        Request("ScanFilter", "Scan", 200,
                lambda: scan_members("ScanFilter", '"a%d":{"ComparisonOperator":"NULL"}'), lists),
        Request("8 MB of equal strings as a set", "Scan", 400,
                lambda: value_of("SS", '"a"', 8 * MEGABYTE), lists),
        Request("8 MB of empty strings as a set", "Scan", 400,
                lambda: value_of("SS", '""', 8 * MEGABYTE), lists),
        Request("8 MB of empty binaries as a set", "Scan", 400,
                lambda: value_of("BS", '""', 8 * MEGABYTE), lists),
        Request("8 MB of equal numbers as a set", "Scan", 400,
                lambda: value_of("NS", '"1"', 8 * MEGABYTE), lists),
        Request("16 MB of strings as a set", "Scan", 400, lambda: value_of("SS", '"%d"'), lists),
        Request("16 MB of long equal prefixes as a set", "Scan", 400,
                lambda: value_of("SS", '"' + "x" * 1000 + '%d"'), lists),
        Request("8 MB of long numbers as a set", "Scan", 400,
                lambda: value_of("NS", '"1234567890123456789012345678.9%d"', 8 * MEGABYTE), lists),
        Request("16 MB of numbers as a set", "PutItem", 400, lambda: put_of("NS", '"%d"'), lists),
        Request("a number of 16 MB", "PutItem", 200,
                lambda: compact({"TableName": "lists", "Item": {
                    **ONE, "n": {"N": "0" * (BODY_BYTES_MAX - 100) + "1"}}}), lists),
        Request("a table name of 16 MB", "GetItem", 400,
                lambda: compact({"TableName": "x" * (BODY_BYTES_MAX - 100), "Key": ONE}), ()),
        Request("a table name of quotes", "GetItem", 400,
                lambda: compact({"TableName": '"' * (BODY_BYTES_MAX // 2 - 100), "Key": ONE}), ()),
        Request("16 MB of zeros as gzip", "GetItem", 400, lambda: bomb(b"\0", BODY_BYTES_MAX), (),
                encoding="gzip"),
        Request("16 MB of spaces as gzip", "GetItem", 400, lambda: bomb(b" ", BODY_BYTES_MAX), (),
                encoding="gzip"),
        Request("16 MB of brackets as gzip", "GetItem", 400, lambda: bomb(b"[", BODY_BYTES_MAX), (),
                encoding="gzip"),
        Request("100 MB as gzip", "GetItem", 413, lambda: bomb(b"[0," * 1024, 33 * 1024), (),
                encoding="gzip"),
    ]  # fmt: skip


def requests_of_long_lists():
    """Small requests over 38 MB of items."""
    calls = {
        "100 updates of long lists": (
            "TransactWriteItems", 200, lambda: hundred_actions("Update", UpdateExpression="REMOVE t"),
        ),
        "100 deletes of long lists": ("TransactWriteItems", 200, lambda: hundred_actions("Delete")),
        "100 deletes that fail": ("TransactWriteItems", 400, hundred_deletes_that_fail),
        "100 checks of long lists": (
            "TransactWriteItems", 400,
            lambda: hundred_actions("ConditionCheck", ConditionExpression="size(l) = id"),
        ),
        "100 projections in a transaction": (
            "TransactGetItems", 400, lambda: hundred_actions("Get", ProjectionExpression="l[0]"),
        ),
        "100 projections in a batch": ("BatchGetItem", 200, hundred_projected),
        "100 statements that update": (
            "ExecuteTransaction", 200,
            lambda: hundred_statements("UPDATE long_lists SET t=1 WHERE id='KEY'"),
        ),
        "100 statements that select": (
            "ExecuteTransaction", 400,
            lambda: hundred_statements("SELECT l[0] FROM long_lists WHERE id='KEY'"),
        ),
        "100 statements of EXISTS": (
            "ExecuteTransaction", 400,
            lambda: hundred_statements(
                "EXISTS(SELECT * FROM long_lists WHERE id='KEY' AND contains(l,1))"
            ),
        ),
    }  # fmt: skip
    return [
        Request(name, operation, status, make, ("long_lists",))
        for name, (operation, status, make) in calls.items()
    ]


def requests_of_batches():
    lists = ("lists",)
    return [
        Request("200,000 tables", "BatchGetItem", 400, batch_of_names, ()),
        Request("equal keys", "BatchGetItem", 400,
                lambda: batch_of("BatchGetItem", '{"id":{"S":"k"}}'), lists),
        Request("puts of a batch", "BatchWriteItem", 400,
                lambda: batch_of("BatchWriteItem", '{"PutRequest":{"Item":{"id":{"S":"k%d"}}}}'),
                lists),
        Request("empty requests of a batch", "BatchWriteItem", 400,
                lambda: batch_of("BatchWriteItem", "{}"), lists),
        Request("empty actions", "TransactWriteItems", 400,
                lambda: filled({"TransactItems": ["..."]}, "{}"), ()),
        Request("empty puts", "TransactWriteItems", 400,
                lambda: filled({"TransactItems": ["..."]}, '{"Put":{}}'), ()),
        Request("empty gets", "TransactGetItems", 400,
                lambda: filled({"TransactItems": ["..."]}, "{}"), ()),
        Request("100 items of 390 KB in a batch", "BatchGetItem", 200,
                lambda: get_all("BatchGetItem", "large"), ("large",)),
        Request("100 items of 390 KB in a transaction", "TransactGetItems", 400,
                lambda: get_all("TransactGetItems", "large"), ("large",)),
        Request("100 items of 40 KB in a transaction", "TransactGetItems", 200,
                lambda: get_all("TransactGetItems", "medium"), ("medium",)),
        Request("100 puts of 40 KB", "TransactWriteItems", 200, lambda: put_hundred(40_000), lists),
        Request("100 puts of 150 KB", "TransactWriteItems", 400, lambda: put_hundred(150_000), lists),
        Request("100 checks of items of 390 KB", "TransactWriteItems", 400, checks_of_large_items,
                ("large",)),
        *requests_of_long_lists(),
        Request("100 updates that copy lists", "TransactWriteItems", 200, updates_of_lists, lists),
    ]  # fmt: skip


def requests_of_statements():
    lists = ("lists",)
    equal = "SELECT * FROM lists WHERE id=?"
    marks = ",".join(f"'a{n}':?" for n in range(700))
    return [
        Request("alternatives", "ExecuteStatement", 400, statement_of_alternatives, ("ranges",)),
        Request("a set as a parameter", "BatchExecuteStatement", 200,
                lambda: filled({"Statements": [{
                    "Statement": "SELECT * FROM lists WHERE id='one' AND contains(l,?)",
                    "Parameters": [{"NS": ["..."]}]}]}, '"%d"'), ("lists",)),
        Request("sets as a parameter", "BatchExecuteStatement", 200,
                lambda: filled({"Statements": [{
                    "Statement": "SELECT * FROM lists WHERE id='one' AND contains(l,?)",
                    "Parameters": [{"L": ["..."]}]}]}, '{"NS":["1","2"]}'), ("lists",)),
        Request("16 MB of unused parameters", "ExecuteStatement", 400,
                lambda: statement(equal, '{"S":""}'), lists),
        Request("a parameter of 16 MB", "ExecuteStatement", 400,
                lambda: filled({"Statement": "INSERT INTO lists VALUE {'id':'x','a':?}",
                                "Parameters": [{"L": ["..."]}]}, '{"NULL":true}'), lists),
        Request("700 parameters", "ExecuteStatement", 400,
                lambda: compact({
                    "Statement": f"INSERT INTO lists VALUE {{'id':'x',{marks}}}",
                    "Parameters": [string("x" * 20_000)] * 700}), lists),
        Request("280 calls in a statement", "ExecuteStatement", 200,
                lambda: statement(condition_of_ors()), lists),
        Request("keys of a statement", "ExecuteStatement", 200,
                lambda: compact({
                    "Statement": "SELECT * FROM large WHERE id IN [" + ",".join("?" * 50) + "]",
                    "Parameters": [string(name) for name in names("k", 50)]}), ("large",)),
        Request("a nested literal", "ExecuteStatement", 200, lambda: statement(nested_literal()), lists),
        Request("parentheses", "ExecuteStatement", 400,
                lambda: statement("SELECT * FROM lists WHERE " + "(" * 290 + "l=1" + ")" * 290),
                lists),
        Request("NOT in a statement", "ExecuteStatement", 400,
                lambda: statement("SELECT * FROM lists WHERE " + "NOT " * 290 + "l=1"), lists),
        Request("a statement of 16 MB", "ExecuteStatement", 400,
                lambda: statement("SELECT * FROM lists WHERE " + "(" * 16_000_000), lists),
        Request("empty statements", "BatchExecuteStatement", 400,
                lambda: filled({"Statements": ["..."]}, "{}"), ()),
        Request("empty transaction statements", "ExecuteTransaction", 400,
                lambda: filled({"TransactStatements": ["..."]}, "{}"), ()),
        Request("25 long statements", "BatchExecuteStatement", 200,
                lambda: statements("Statements", condition_of_ors(), 25), lists),
        Request("100 long statements", "ExecuteTransaction", 400,
                lambda: statements("TransactStatements", condition_of_ors(), 100), lists),
        Request("25 statements with lists", "BatchExecuteStatement", 200,
                lambda: statements_with_parameters("Statements", 25, 45_000), lists),
        Request("100 statements with lists", "ExecuteTransaction", 200,
                lambda: statements_with_parameters("TransactStatements", 100, 11_000), lists),
    ]  # fmt: skip


def requests_of_tables():
    definition = '{"AttributeName":"a%d","AttributeType":"S"}'
    creation = '{"Create":' + INDEX_TEXT + "}"
    return [
        Request("attribute definitions", "CreateTable", 400,
                lambda: create_with("AttributeDefinitions", definition), ()),
        Request("indexes", "CreateTable", 400,
                lambda: create_with("GlobalSecondaryIndexes", INDEX_TEXT), ()),
        Request("local indexes", "CreateTable", 400,
                lambda: create_with("LocalSecondaryIndexes", INDEX_TEXT), ()),
        Request("key schema", "CreateTable", 400,
                lambda: create_with("KeySchema", '{"AttributeName":"a","KeyType":"HASH"}'), ()),
        Request("index updates", "UpdateTable", 400,
                lambda: filled({"TableName": "lists", "GlobalSecondaryIndexUpdates": ["..."]},
                               creation), ("lists",)),
        Request("empty index updates", "UpdateTable", 400,
                lambda: filled({"TableName": "lists", "GlobalSecondaryIndexUpdates": ["..."]}, "{}"),
                ("lists",)),
        Request("tags", "TagResource", 400,
                lambda: filled({"ResourceArn": ARN, "Tags": ["..."]}, '{"Key":"%d","Value":""}'),
                ("lists",)),
        Request("empty tags", "TagResource", 400,
                lambda: filled({"ResourceArn": ARN, "Tags": ["..."]}, "{}"), ("lists",)),
        Request("equal tag keys", "UntagResource", 400,
                lambda: filled({"ResourceArn": ARN, "TagKeys": ["..."]}, '"k"'), ("lists",)),
        Request("tag keys", "UntagResource", 400,
                lambda: filled({"ResourceArn": ARN, "TagKeys": ["..."]}, '"%d"'), ("lists",)),
        Request("replicas", "UpdateTable", 400,
                lambda: filled({"TableName": "lists", "ReplicaUpdates": ["..."]}, "{}"), ("lists",)),
    ]  # fmt: skip


def requests():
    """Returns the list."""
    return (
        requests_of_filters()
        + requests_of_updates()
        + requests_of_bodies()
        + requests_of_batches()
        + requests_of_statements()
        + requests_of_tables()
    )

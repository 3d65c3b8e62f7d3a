"""The rows of the result table: each a load, its table and its base of comparison."""

import math
from dataclasses import dataclass

import loads
from loads import Load, Request, ScanLoad, Table, order_item, order_items, order_key

# The bytes of the response, and the microseconds of work before it.
BASELINES = {"baseline": (300,), "baseline-1mb": (1024 * 1024,), "baseline-5us": (300, 5)}

# Gives items a size of 1,000 bytes by DynamoDB's rules.
PADDING = "x" * 760
GSI_COUNT_MAX = 5

ORDERS = Table("orders", order_items(100_000))
INDEXED = Table("indexed", order_items(10_000, index_attributes=1), indexes=1)
PAGES = Table("pages", loads.one_partition(1_200, PADDING))
SCANNED = Table("scanned", order_items(104_000, PADDING))
WITH_GSIS = [
    Table(f"gsi-{count}", order_items(10_000, index_attributes=GSI_COUNT_MAX), indexes=count)
    for count in (0, 1, GSI_COUNT_MAX)
]
SIZES = {"10k": 10_000, "1m": 1_000_000, "5m": 5_000_000}
OF_SIZE = {name: Table(f"size-{name}", order_items(count)) for name, count in SIZES.items()}


@dataclass
class Row:
    """One line of the result table: a load, and the baseline or row it is compared with."""

    name: str
    load: Load  # None: the row is a baseline
    base: str = "baseline"
    limit: float = None  # of the ratio of CPU times
    is_large: bool = False
    is_quick: bool = True


def random_key(table):
    """Returns the key of a random existing item, as placeholders."""
    partitions = len(table.items) // loads.ITEMS_A_PARTITION
    return f"<random:{partitions}:8>", f"<random:{loads.ITEMS_A_PARTITION}:8>"


def get(table):
    parameters = {"TableName": table.full_name, "Key": order_key(*random_key(table))}
    return Request("GetItem", parameters, '"Item"')


def put(table, item, **parameters):
    return Request("PutItem", {"TableName": table.full_name, "Item": item, **parameters})


def overwrite(table, **parameters):
    return put(table, order_item(*random_key(table)), **parameters)


def overwrite_indexed(table):
    """Returns a put that moves the item in each index of the table. The item has the same
    attributes for any number of indexes."""
    shops = {f"g{i + 1}": {"S": "shop-<random:1000:8>"} for i in range(GSI_COUNT_MAX)}
    return put(table, order_item(*random_key(table), **shops))


def put_if():
    return overwrite(
        ORDERS,
        ConditionExpression="attribute_exists(customer) AND #v >= :v",
        ExpressionAttributeNames={"#v": "version"},
        ExpressionAttributeValues={":v": {"N": "1"}},
    )


def update_parameters(customer, order):
    return {
        "TableName": ORDERS.full_name,
        "Key": order_key(customer, order),
        "UpdateExpression": "SET #v = #v + :one, note = :note",
        "ExpressionAttributeNames": {"#v": "version"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":note": loads.NOTE},
    }


def update():
    return Request("UpdateItem", update_parameters(*random_key(ORDERS)))


def query(table, answers, value, attribute="customer", values=None, **parameters):
    return Request(
        "Query",
        {
            "TableName": table.full_name,
            "KeyConditionExpression": f"{attribute} = :c",
            "ExpressionAttributeValues": {":c": {"S": value}, **(values or {})},
            **parameters,
        },
        answers,
    )


def query_ten():
    return query(ORDERS, '"Count":10,', f"customer-{random_key(ORDERS)[0]}")


def query_ten_of_index():
    shop = f"shop-{random_key(INDEXED)[0]}"
    return query(INDEXED, '"Count":10,', shop, "g1", IndexName="by-g1")


def query_page(**parameters):
    return query(PAGES, '"LastEvaluatedKey"', "customer-00000000", **parameters)


def batch_write():
    items = [order_item("b<turn:1000:7>", f"{order:08}") for order in range(loads.BATCH_SIZE)]
    puts = [{"PutRequest": {"Item": item}} for item in items]
    parameters = {"RequestItems": {ORDERS.full_name: puts}}
    return Request("BatchWriteItem", parameters, '"UnprocessedItems":{}')


def batch_get():
    # Each key is from a different hundredth of the partitions, so no key occurs twice.
    keys = [order_key(f"0000{i:02}<random:100:2>", "<random:10:8>") for i in range(100)]
    parameters = {"RequestItems": {ORDERS.full_name: {"Keys": keys}}}
    return Request("BatchGetItem", parameters, '"UnprocessedKeys":{}')


def transact_write():
    # Each transaction has a partition of its own, so concurrent transactions do not conflict.
    customer = "<turn:10000:8>"
    name = {"TableName": ORDERS.full_name}
    check = {
        **name,
        "Key": order_key(customer, "00000003"),
        "ConditionExpression": "attribute_exists(customer)",
    }
    actions = [
        {"Put": {**name, "Item": order_item(customer, "00000000")}},
        {"Put": {**name, "Item": order_item(customer, "00000001")}},
        {"Update": update_parameters(customer, "00000002")},
        {"ConditionCheck": check},
    ]
    return Request("TransactWriteItems", {"TransactItems": actions})


def gsi_rows():
    """Compares a write with indexes to one without."""
    for table in WITH_GSIS:
        base = "put-gsi-0" if table.indexes else "baseline"
        yield Row(f"put-gsi-{table.indexes}", Load(table, [overwrite_indexed(table)]), base)


def size_rows():
    """Compares large tables to a small one; the limit is the ratio of the logarithms of sizes."""
    for name, table in OF_SIZE.items():
        for kind, make in (("get", get), ("put", overwrite)):
            row = Row(f"{kind}-of-{name}", Load(table, [make(table)]))
            if name != "10k":
                row.base = f"{kind}-of-10k"
                row.limit = math.log(SIZES[name]) / math.log(SIZES["10k"])
                row.is_quick = False
                row.is_large = name == "5m"
            yield row


def page_row(name, limit=None, **parameters):
    return Row(name, Load(PAGES, [query_page(**parameters)]), "baseline-1mb", limit)


ROWS = [
    # The baselines compared with themselves: how far these ratios are from 1 is the measurement
    # error of the others.
    *(Row(name, None, name) for name in ("baseline", "baseline-1mb")),
    Row("baseline-5us", None),
    Row("get-item", Load(ORDERS, [get(ORDERS)]), limit=1.25),
    Row(
        "put-item-new",
        Load(ORDERS, [put(ORDERS, order_item("n<next:11>", "00000000"))]),
        limit=1.5,
    ),
    Row("put-item-overwrite", Load(ORDERS, [overwrite(ORDERS)]), limit=1.5),
    Row("put-item-condition", Load(ORDERS, [put_if()]), limit=1.5),
    Row("update-item", Load(ORDERS, [update()]), limit=1.6),
    Row("query-10", Load(ORDERS, [query_ten()]), limit=1.5),
    Row("batch-write-25", Load(ORDERS, [batch_write()])),
    Row("batch-get-100", Load(ORDERS, [batch_get()])),
    Row("transact-write-4", Load(ORDERS, [transact_write()])),
    Row("mixed-80-20", Load(ORDERS, [get(ORDERS)] * 4 + [overwrite(ORDERS)])),
    Row("query-10-gsi", Load(INDEXED, [query_ten_of_index()]), limit=1.5),
    page_row("query-page", 1.5),
    page_row("query-page-filter", 3, FilterExpression="kind = :k", values={":k": {"N": "3"}}),
    page_row("query-page-projection", ProjectionExpression="kind,note"),
    page_row("query-page-count", 1, Select="COUNT"),
    Row("scan-100mb", ScanLoad(SCANNED), "baseline-1mb"),
    *gsi_rows(),
    *size_rows(),
]

# The request that is sent to the baselines.
BASELINE_REQUEST = get(ORDERS)

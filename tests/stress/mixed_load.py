"""Several clients use all item operations concurrently, and each knows the expected responses.

The data set has a constant size: keys are from a fixed set and item sizes from a fixed range. So
the resident memory, sampled each second, must have no trend.
"""

import collections
import json
import pathlib
import subprocess
import sys
import time

from server import MEGABYTE, check, table_definition

HERE = pathlib.Path(__file__).resolve().parent
ACCOUNTS = 20
BALANCE = 1000  # initial balance of each account; the total never changes
COUNTERS = 4
# The server keeps the token of a transaction for ten minutes, so the memory of a long run is
# constant only after that time; a short run has few tokens.
TOKEN_SECONDS = 610
# Items move between nodes and arenas all the time, so this much growth is noise: in half an hour it
# is about one byte per request.
GROWTH_BYTES_MAX = 2 * MEGABYTE
GROWTH_SHARE_MAX = 0.03


def orders_definition():
    """Returns the table of all items, with a local and a global index on attributes with few
    values, so that many entries have equal keys."""

    def keys(*names):
        return [
            {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"))
        ]

    projection = {"Projection": {"ProjectionType": "ALL"}}
    return table_definition(
        "orders",
        "number",
        AttributeDefinitions=[
            {"AttributeName": "group", "AttributeType": "S"},
            {"AttributeName": "rank", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {"IndexName": "by-group", "KeySchema": keys("group", "rank"), **projection}
        ],
        LocalSecondaryIndexes=[
            {"IndexName": "by-rank", "KeySchema": keys("id", "rank"), **projection}
        ],
    )


def growth_of(samples):
    """Returns the least-squares slope of evenly spaced samples times their number: the growth from
    the first to the last sample without the influence of outliers."""
    count = len(samples)
    mean_x = (count - 1) / 2
    mean_y = sum(samples) / count
    covariance = sum((x - mean_x) * (y - mean_y) for x, y in enumerate(samples))
    variance = sum((x - mean_x) ** 2 for x in range(count))
    return covariance / variance * (count - 1)


def sample_memory(server, clients):
    """Returns the resident memory for each second until the clients have ended."""
    samples = []
    next_sample = time.monotonic()
    while any(client.poll() is None for client in clients):
        samples.append(server.resident_bytes())
        next_sample += 1
        time.sleep(max(0, next_sample - time.monotonic()))
    return samples


def check_trend(samples):
    """Fails if the samples after the warm-up grow. Returns measurements."""
    warm_up = max(len(samples) // 4, min(TOKEN_SECONDS, len(samples) // 2))
    steady = samples[warm_up:]
    check(len(steady) >= 3, "the run is too short to measure a trend")
    growth = growth_of(steady)
    mean = sum(steady) / len(steady)
    fifth = max(1, len(steady) // 5)
    median = lambda part: sorted(part)[len(part) // 2] / MEGABYTE
    limit = max(GROWTH_BYTES_MAX, GROWTH_SHARE_MAX * mean)
    check(
        growth <= limit,
        f"resident memory grows by {growth / MEGABYTE:.2f} MB in {len(steady)} s, "
        f"from {mean / MEGABYTE:.1f} MB on average",
    )
    return {
        "warm-up s": warm_up,
        "RSS MB steady min/mean/max": "/".join(
            f"{value / MEGABYTE:.2f}" for value in (min(steady), mean, max(steady))
        ),
        "RSS MB median of first/last fifth": f"{median(steady[:fifth]):.2f}/"
        f"{median(steady[-fifth:]):.2f}",
        f"RSS MB trend over {len(steady)} s (at most {limit / MEGABYTE:.1f})": f"{growth / MEGABYTE:+.3f}",
    }


def prepare(server):
    server.must("CreateTable", orders_definition())
    server.must("CreateTable", table_definition("accounts"))
    for number in range(ACCOUNTS):
        item = {"id": {"S": f"account-{number}"}, "balance": {"N": str(BALANCE)}}
        server.must("PutItem", {"TableName": "accounts", "Item": item})


def check_sums(server, reports):
    """Checks the values that depend on all clients: the sum of the accounts and the counters."""
    items = server.must("Scan", {"TableName": "accounts"})["Items"]
    accounts = [int(item["balance"]["N"]) for item in items if item["id"]["S"].startswith("acc")]
    check(sum(accounts) == ACCOUNTS * BALANCE, f"accounts hold {sum(accounts)} together")
    counted = sum(int(item["count"]["N"]) for item in items if item["id"]["S"].startswith("cou"))
    added = sum(report["added"] for report in reports)
    check(counted == added, f"the counters are {counted} after {added} were added")


def run(server, options):
    """Runs the clients for options.seconds. Fails on an unexpected response, and if memory has a
    trend."""
    prepare(server)
    clients = [
        subprocess.Popen(
            [
                sys.executable,
                "-B",
                str(HERE / "mixed_load_client.py"),
                *map(str, (server.port, number, options.seconds, options.seed)),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(options.processes)
    ]
    samples = sample_memory(server, clients)
    reports = []
    for client in clients:
        output = client.communicate()[0]
        check(client.returncode == 0, "a client got an unexpected response; see above")
        reports.append(json.loads(output))
    check_sums(server, reports)
    trend = check_trend(samples)
    total = lambda name: sum((collections.Counter(r[name]) for r in reports), collections.Counter())
    return {
        "requests": sum(total("requests").values()),
        "by operation": total("requests"),
        "pages checked": sum(r["pages"] for r in reports),
        "expected errors": total("errors"),
        "slowest request ms": max(r["slowest_ms"] for r in reports),
        **trend,
    }

"""The figures measured without a load: start time, memory, binary size and the gain from a second
thread. Each function returns the measured value and the limit, both as text."""

import statistics
import subprocess
import time

import loads
from loads import Client, Table
from processes import BUILD, start_pageturner

STARTS = 21


def start():
    """The median time from process start to the first response of an operation."""
    milliseconds = []
    for _ in range(STARTS):
        before = time.perf_counter()
        server = start_pageturner()
        client = Client(server)
        client.must("ListTables", {})
        milliseconds.append((time.perf_counter() - before) * 1e3)
        client.close()
        server.stop()
    return f"{statistics.median(milliseconds):.1f} ms", "at most 10 ms"


def idle():
    """The resident memory of a server that has answered one request."""
    server = start_pageturner()
    client = Client(server)
    client.must("ListTables", {})
    size = server.resident_bytes()
    client.close()
    server.stop()
    return f"{size / 1e6:.1f} MB", "at most 8 MB"


def memory_an_item(count, size, limit=""):
    """The growth of the server's memory per item of `size` bytes, in a table without indexes."""

    def measure():
        server = start_pageturner()
        before = server.resident_bytes()
        Table("memory", loads.sized_items(count, size), has_sort_key=False).create(server)
        grown = (server.resident_bytes() - before) / count
        server.stop()
        return f"{grown:.0f} bytes, {grown / size:.2f} of the item's", limit

    return measure


def binary():
    return f"{(BUILD / 'pageturner').stat().st_size / 1e6:.2f} MB", ""


def second_thread(kind, limit):
    """The throughput of two threads divided by that of one, each thread on a core of its own."""

    def measure():
        ended = subprocess.run(
            [str(BUILD / "bench/bench_threads"), kind, "0.5"],
            capture_output=True,
            text=True,
            check=True,
        )
        pairs = [tuple(map(float, line.split())) for line in ended.stdout.splitlines()]
        one, two = (statistics.median(column) for column in zip(*pairs))
        ratio = statistics.median(two / one for one, two in pairs)
        return f"{ratio:.2f} ({one:.0f} and {two:.0f} requests/s)", limit

    return measure


FIGURES = {
    "start": start,
    "idle": idle,
    "memory-100b": memory_an_item(200_000, 100),
    "memory-1kb": memory_an_item(50_000, 1024, "at most 1.4"),
    "memory-10kb": memory_an_item(5_000, 10 * 1024),
    "binary": binary,
    "threads-read": second_thread("read", "at least 1.8"),
    "threads-write": second_thread("write", "at least 1.6"),
}

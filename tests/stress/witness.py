"""A well-behaved client: reads an item every few milliseconds, and says how long that took.

Runs as a process of its own, so that the load beside it takes its time from nothing but the server.
Each line on the standard input ends a phase, of which it prints the figures as a line of JSON.
"""

import json
import select
import sys
import time

from server import Connection, operation_request

PAUSE_SECONDS = 0.005
# Every so often on a new connection, which has to be accepted as well.
REQUESTS_A_CONNECTION = 50


def figures(seconds):
    """Returns what a phase is told by: milliseconds of the median, the 99th percentile, the worst."""
    ordered = sorted(seconds)
    at = lambda share: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1e3, 2)
    return {"requests": len(ordered), "p50": at(0.5), "p99": at(0.99), "max": at(1)}


def ask(port, stop):
    """Reads the item until `stop` says so. Returns how long each request took, in seconds."""
    body = json.dumps({"TableName": "witness", "Key": {"id": {"S": "one"}}}).encode()
    request = operation_request("GetItem", body)
    taken = []
    while True:
        begin = time.perf_counter()
        with Connection(port) as connection:
            for _ in range(REQUESTS_A_CONNECTION):
                answer = connection.call(request)
                if answer.status != 200 or b'"seen"' not in answer.body:
                    raise AssertionError(f"the witness is answered {answer}")
                taken.append(time.perf_counter() - begin)
                if stop():
                    return taken
                time.sleep(PAUSE_SECONDS)
                begin = time.perf_counter()


def main():
    port = int(sys.argv[1])
    has_line = lambda: select.select([sys.stdin], [], [], 0)[0]
    while True:
        taken = ask(port, has_line)
        print(json.dumps(figures(taken)), flush=True)
        if sys.stdin.readline() != "next\n":
            return


if __name__ == "__main__":
    main()

"""A well-behaved client that reads an item every few milliseconds and measures the response times.

With the argument "health" it asks for the server's health instead. It is a separate process, so that
the load affects its times only through the server. Each line on stdin ends a phase, whose measurements
are printed as a line of JSON.
"""

import json
import select
import sys
import time

from server import Connection, head, operation_request

PAUSE_SECONDS = 0.005
# After this many requests it reconnects, since new connections must be accepted too.
REQUESTS_A_CONNECTION = 50


def figures(seconds):
    """Returns the median, the 99th percentile and the maximum of a phase in milliseconds."""
    ordered = sorted(seconds)
    at = lambda share: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1e3, 2)
    return {"requests": len(ordered), "p50": at(0.5), "p99": at(0.99), "max": at(1)}


def get_item():
    """Returns a request, and a text that its response must contain."""
    body = json.dumps({"TableName": "witness", "Key": {"id": {"S": "one"}}}).encode()
    return operation_request("GetItem", body), b'"seen"'


def health():
    return head({"Host": "localhost"}, "GET", "/"), b"healthy"


def ask(port, request, wanted, stop):
    """Sends `request` until `stop` is set. Returns the seconds that each took."""
    taken = []
    while True:
        begin = time.perf_counter()
        with Connection(port) as connection:
            for _ in range(REQUESTS_A_CONNECTION):
                answer = connection.call(request)
                if answer.status != 200 or wanted not in answer.body:
                    raise AssertionError(f"the witness is answered {answer}")
                taken.append(time.perf_counter() - begin)
                if stop():
                    return taken
                time.sleep(PAUSE_SECONDS)
                begin = time.perf_counter()


def main():
    port = int(sys.argv[1])
    request, wanted = health() if "health" in sys.argv[2:] else get_item()
    has_line = lambda: select.select([sys.stdin], [], [], 0)[0]
    while True:
        taken = ask(port, request, wanted, has_line)
        print(json.dumps(figures(taken)), flush=True)
        if sys.stdin.readline() != "next\n":
            return


if __name__ == "__main__":
    main()

"""The worst known requests: what each costs, and how long other clients wait beside it.

docs/security.md has the rule. Memory is checked in every run; processor time and waits are checked in
a full run only, because a quick one shares its machine with other work.
"""

import threading
import time

from costly_bodies import compact, fill
from costly_requests import FULL_RUN_ONLY, KNOWN, WAIT_SECONDS_MAX, requests
from server import (
    MEGABYTE,
    Connection,
    Server,
    StressFailure,
    check,
    cpu_time_ns,
    head,
    operation_request,
    table_definition,
)

LARGE_BESIDE_EACH_OTHER = 4
# A quick run leaves out what breaks the rule by much: it takes as long as all others.
QUICK_CPU_SECONDS_MAX = 2.5


def is_left_out(request):
    """Returns whether a quick run leaves a request out."""
    is_slow = KNOWN.get(request.name, (0,))[0] > QUICK_CPU_SECONDS_MAX
    return is_slow or request.name in FULL_RUN_ONLY


class Bystander:
    """A client that sends one small request after another. `worst` is its longest wait in
    seconds."""

    def __init__(self, port, request):
        self.worst = 0.0
        self._request = request
        self._port = port
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with Connection(self._port) as connection:
            while not self._is_over.is_set():
                begin = time.monotonic()
                check(connection.call(self._request).status == 200, "a bystander is refused")
                self.worst = max(self.worst, time.monotonic() - begin)
                time.sleep(0.003)

    def stop(self):
        self._is_over.set()
        self._thread.join()
        return self.worst


def call_beside(server, request, body, count):
    """Calls `request` on `count` connections at once. Returns the longest waits of a client of
    GetItem and of one of GET / meanwhile, in seconds."""
    server.must("CreateTable", table_definition("witness"))
    server.must("PutItem", {"TableName": "witness", "Item": {"id": {"S": "one"}}})
    key = {"TableName": "witness", "Key": {"id": {"S": "one"}}}
    get_item = Bystander(server.port, operation_request("GetItem", compact(key)))
    health = Bystander(server.port, head({"Host": "localhost"}, "GET", "/"))
    answers = []

    def call_once():
        with Connection(server.port) as connection:
            answers.append(connection.call(request.bytes_of(body)))

    threads = [threading.Thread(target=call_once) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        waits = get_item.stop(), health.stop()
    check(len(answers) == count, f"{request.name}: a connection was closed")
    return waits


def cost(server, request, body):
    """Sends a request. Returns its answer, the processor time that it takes in seconds, and the
    memory beyond the answer and what is kept, in bytes. The body counts. Requires: the server has
    done no other work, because memory that it has not returned to the system would be used again.
    """
    data_before = server.metric("pageturner_memory_bytes")
    resident_before = server.resident_bytes()
    server.reset_peak()
    cpu_before = cpu_time_ns(server.process.pid)
    with Connection(server.port) as connection:
        answer = connection.call(request.bytes_of(body))
    cpu = (cpu_time_ns(server.process.pid) - cpu_before) / 1e9
    peak = server.peak_bytes()
    kept = max(0, server.metric("pageturner_memory_bytes") - data_before)
    return answer, cpu, peak - resident_before - kept - len(answer.body)


def measure(request, options):
    """Returns the figures of one request as a text. Each has a server of its own."""
    body = request.make()
    cpu_max, memory_max = request.cpu_seconds_max, request.memory_bytes_max(body)
    is_known = request.name in KNOWN
    if is_known:
        cpu_max, memory_max = KNOWN[request.name][0], KNOWN[request.name][1] * MEGABYTE
    server = Server()
    try:
        fill(server, request.tables)
        answer, cpu, memory = cost(server, request, body)
        check(
            answer.status == request.status,
            f"{request.name}: {answer.status} {answer.body[:200]!r}",
        )
        figures = (
            f"{len(body):,} bytes, {cpu:.2f} s of CPU, {memory / MEGABYTE:.0f} MB, answer "
            f"{len(answer.body):,} bytes"
        )
        check(memory <= memory_max, f"{request.name}: {figures}")
        if not options.quick:
            check(cpu <= cpu_max, f"{request.name}: {figures}")
        if is_known:
            figures += " (known)"
        elif not options.quick:
            small, health = call_beside(server, request, body, LARGE_BESIDE_EACH_OTHER)
            figures += (
                f"; beside four of them GetItem waits {small * 1e3:.0f} ms, "
                f"GET / {health * 1e3:.0f} ms"
            )
            check(
                small <= request.wait_seconds_max and health <= WAIT_SECONDS_MAX,
                f"{request.name}: {figures}",
            )
    finally:
        server.stop()
    return figures


def run(_, options):
    """Measures each request of the list, and in a full run also four of it beside each other. Each
    has a server of its own. Measures all before it fails, because one change may make several
    dearer."""
    figures, failures = {}, []
    for request in requests():
        if options.quick and is_left_out(request):
            continue
        try:
            figures[request.name] = measure(request, options)
        except StressFailure as failure:
            failures.append(str(failure))
    check(not failures, "; ".join(failures))
    return figures

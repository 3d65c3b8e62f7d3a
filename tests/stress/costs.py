"""The worst known requests: what each costs, and how long other clients wait beside it.

docs/security.md has the rule. Memory is checked in every run; processor time and waits are checked in
a full run only, because a quick one shares its machine with other work.
"""

import json
import pathlib
import subprocess
import sys
import threading

from costly_bodies import fill
from costly_requests import FULL_RUN_ONLY, KNOWN, WAIT_SECONDS_MAX, requests
from server import (
    MEGABYTE,
    Connection,
    Server,
    StressFailure,
    check,
    cpu_time_ns,
    table_definition,
)

HERE = pathlib.Path(__file__).resolve().parent
LARGE_BESIDE_EACH_OTHER = 4
# A quick run leaves out what breaks the rule by much: it takes as long as all others.
QUICK_CPU_SECONDS_MAX = 2.5


def is_left_out(request):
    """Returns whether a quick run leaves a request out."""
    is_slow = KNOWN.get(request.name, (0,))[0] > QUICK_CPU_SECONDS_MAX
    return is_slow or request.name in FULL_RUN_ONLY


class Bystander:
    """A process that sends one small request after another (witness.py)."""

    def __init__(self, port, *kind):
        self._process = subprocess.Popen(
            [sys.executable, "-B", str(HERE / "witness.py"), str(port), *kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.next_phase()  # it runs now

    def next_phase(self):
        """Returns the longest wait since the last call, in seconds."""
        self._process.stdin.write("next\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        check(line, "a bystander failed; see its error above")
        return json.loads(line)["max"] / 1e3

    def stop(self):
        with self._process:
            self._process.stdin.close()
            self._process.stdout.read()


def call_beside(server, request, body, count):
    """Calls `request` on `count` connections at once. Returns the longest waits of a client of
    GetItem and of one of GET / meanwhile, in seconds."""
    server.must("CreateTable", table_definition("witness"))
    item = {"id": {"S": "one"}, "seen": {"BOOL": True}}
    server.must("PutItem", {"TableName": "witness", "Item": item})
    bystanders = [Bystander(server.port), Bystander(server.port, "health")]
    whole = request.bytes_of(body)
    answers = []

    def call_once():
        with Connection(server.port) as connection:
            answers.append(connection.call(whole))

    threads = [threading.Thread(target=call_once) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        waits = [bystander.next_phase() for bystander in bystanders]
        for bystander in bystanders:
            bystander.stop()
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
                small <= WAIT_SECONDS_MAX and health <= WAIT_SECONDS_MAX,
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

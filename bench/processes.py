"""The processes of a measurement: servers, their resource usage, and the load generator wrk."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests/support"))

from listening_process import (  # noqa: E402
    ListeningProcess,
    StartFailure,
    cpu_time_ns,
    find_listener,
    memory_bytes,
)

BUILD = HERE.parent / "build/bench"

_CORES = sorted(os.sched_getaffinity(0))
# The server has one core and wrk the others, so that they neither migrate nor share a core.
SERVER_CORES = {_CORES[0]}
LOAD_CORES = set(_CORES[1:]) or SERVER_CORES


class BenchFailure(Exception):
    """A measurement that produced no value; the text says why."""


@contextlib.contextmanager
def on_cores(cores):
    """Runs the processes started inside the context on `cores`; they inherit the affinity."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


@dataclass
class Run:
    """The report of wrk on one run, and the CPU time of the server during it."""

    requests: int
    seconds: float
    answer_bytes: float  # per response, including the head
    p50_ms: float
    p99_ms: float
    cpu_us: float  # of the server per request; None if its process is unknown

    @property
    def per_second(self):
        return self.requests / self.seconds


class Endpoint:
    """The address of a server, and its process if it is known."""

    def __init__(self, url, pid=None):
        self.url = url
        self.pid = pid
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise BenchFailure(f"not a URL of the form http://host:port: {url}")
        self.address = (parts.hostname, parts.port or 80)

    def cpu_ns(self):
        """Returns the total CPU time of the process in nanoseconds, or None if it is unknown."""
        if self.pid is None:
            return None
        try:
            return cpu_time_ns(self.pid)
        except FileNotFoundError:
            raise BenchFailure("the server is gone") from None


class Server(Endpoint):
    """A server process of this project, which prints the URL it listens on."""

    def __init__(self, *command):
        try:
            with on_cores(SERVER_CORES):
                self.listening = ListeningProcess(*command)
        except StartFailure as error:
            raise BenchFailure(str(error)) from None
        super().__init__(f"http://127.0.0.1:{self.listening.port}", self.listening.process.pid)

    def resident_bytes(self):
        """Returns the resident memory of the process in bytes."""
        return memory_bytes(self.pid)

    def stop(self):
        # The measurements are complete: a server that has to be killed does not change them.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.listening.stop()


def start_pageturner(*flags):
    return Server(str(BUILD / "pageturner"), "--port", "0", *flags)


def start_baseline(answer_bytes, work_us=0):
    return Server(str(BUILD / "bench/bench_http_baseline"), str(answer_bytes), str(work_us))


def find_endpoint(url):
    """Returns the endpoint of `url`, with its process if that is local and visible."""
    endpoint = Endpoint(url.rstrip("/"))
    host, port = endpoint.address
    if is_local(host):
        endpoint.pid = find_listener(port)
    return endpoint


def is_local(host):
    """Returns whether `host` is an address of this machine."""
    try:
        address = socket.getaddrinfo(host, 0)[0][4][0]
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.bind((address, 0))
        return True
    except OSError:
        return False


def run_wrk(endpoint, files, connections, seconds, seed, cores=LOAD_CORES):
    """Sends the requests in `files` in round-robin order for `seconds`. Raises BenchFailure if a
    response has another status than 200: errors are fast, and would count as good results.

    wrk runs with the scheduling policy SCHED_BATCH, so that it does not preempt the server whenever
    a response wakes it. Otherwise it does so after nearly each response of a server that is slower
    than wrk, and the cost is counted as the server's."""
    command = ["chrt", "--batch", "0"]
    command += ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "--latency"]
    command += ["-s", str(HERE / "load.lua"), endpoint.url + "/", "--", str(seed), *map(str, files)]
    before = endpoint.cpu_ns()
    with on_cores(cores):
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    after = endpoint.cpu_ns()
    found = re.search(r"^summary (.*)$", ended.stdout, re.MULTILINE)
    if ended.returncode != 0 or not found:
        raise BenchFailure(f"wrk failed: {(ended.stderr or ended.stdout).strip()}")
    summary = {
        name: float(value) for name, value in (field.split("=") for field in found[1].split())
    }
    if summary["status"] or summary["socket"] or not summary["requests"]:
        raise BenchFailure(
            f"of {summary['requests']:.0f} requests {summary['status']:.0f} were refused and "
            f"{summary['socket']:.0f} were not answered"
        )
    return Run(
        requests=int(summary["requests"]),
        seconds=summary["microseconds"] / 1e6,
        answer_bytes=summary["bytes"] / summary["requests"],
        p50_ms=summary["p50"] / 1e3,
        p99_ms=summary["p99"] / 1e3,
        cpu_us=None if before is None else (after - before) / 1e3 / summary["requests"],
    )

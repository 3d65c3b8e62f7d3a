"""Runs stress scenarios against a server and prints their measurements."""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import bodies
import bombs
import connections
import costs
import memory
import mixed_load
import mutations
from server import MEGABYTE, Server, StressFailure, check, table_definition

HERE = pathlib.Path(__file__).resolve().parent
# The maximum wait of a well-behaved client during any scenario. It does not measure speed, which
# the measurements show: on a busy machine every process may wait for seconds. But a client that is
# blocked by other clients waits as long as the server waits for those: 30 seconds and more.
WITNESS_SECONDS_MAX = 15.0
IDLE_SECONDS = 0.5

SCENARIOS = {
    "mutations": mutations.run,
    "slow_senders": connections.slow_senders,
    "half_requests": connections.half_requests,
    "resets": connections.resets,
    "many_connections": connections.many_connections,
    "pipelines": connections.pipelines,
    "large_bodies": bodies.large_bodies,
    "compressed_bodies": bodies.compressed_bodies,
    "costs": costs.run,
    "imports": bombs.imports,
    "tables": bombs.tables,
    "connection_limit": bombs.connection_limit,
    "memory": memory.run,
    "mixed_load": mixed_load.run,
}


@dataclass
class Options:
    """Parameters of a scenario. A quick run has a fraction of the amounts of a full one."""

    quick: bool
    count: int  # number of mutated requests
    seconds: float  # duration of the mixed load
    seed: int
    processes: int  # number of clients of the mixed load


class Witness:
    """The well-behaved client that runs during a scenario."""

    def __init__(self, server):
        server.must("CreateTable", table_definition("witness"))
        item = {"id": {"S": "one"}, "seen": {"BOOL": True}}
        server.must("PutItem", {"TableName": "witness", "Item": item})
        self._process = subprocess.Popen(
            [sys.executable, "-B", str(HERE / "witness.py"), str(server.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def next_phase(self):
        """Ends a phase and begins the next one. Returns the measurements of the ended phase."""
        try:
            self._process.stdin.write("next\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        check(line, "the well-behaved client failed; see its error above")
        return json.loads(line)

    def stop(self):
        with self._process:
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                pass
            self._process.stdout.read()


def in_thread(function):
    """Runs `function` in a thread of low priority, so that the load does not take processor time
    from the server and the witness: on Linux a nice value applies to a thread. Raises its
    exceptions."""
    outcome = {}

    def body():
        os.nice(5)
        try:
            outcome["figures"] = function()
        except BaseException as error:  # raised again in the caller
            outcome["error"] = error

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if "error" in outcome:
        raise outcome["error"]
    return outcome["figures"]


def descriptors_in_a_moment(server):
    time.sleep(0.005)
    return server.descriptors()


def megabytes(count):
    return f"{count / MEGABYTE:.1f}"


def in_words(value):
    if isinstance(value, collections.Counter):
        return " ".join(f"{name}:{count}" for name, count in sorted(value.items()))
    return f"{value:,}" if isinstance(value, int) else str(value)


def run_scenario(name, options, figures):
    """Runs one scenario on a new server. Adds its measurements to `figures`, also if it fails.
    Raises StressFailure if a check fails."""
    server = Server()
    witness = None
    try:
        witness = Witness(server)
        time.sleep(IDLE_SECONDS)
        alone = witness.next_phase()
        # The witness has no connection for a moment when it reconnects.
        descriptors_before = max(descriptors_in_a_moment(server) for _ in range(20))
        resident_before = server.resident_bytes()
        server.reset_peak()
        begin = time.monotonic()
        figures.update(in_thread(lambda: SCENARIOS[name](server, options)))
        figures["seconds"] = round(time.monotonic() - begin, 1)
        beside = witness.next_phase()
        figures["witness ms p50/p99/max"] = (
            f"{beside['p50']}/{beside['p99']}/{beside['max']}"
            f" (alone {alone['p50']}/{alone['p99']}/{alone['max']})"
        )
        check(
            beside["max"] <= WITNESS_SECONDS_MAX * 1e3,
            f"a well-behaved client waited {beside['max']} ms",
        )
        descriptors_after = server.wait_for_descriptors(descriptors_before)
        figures["descriptors before/after"] = f"{descriptors_before}/{descriptors_after}"
        check(
            descriptors_after <= descriptors_before,
            f"{descriptors_before} descriptors before, {descriptors_after} after",
        )
        peak = server.peak_bytes()
        resident_after = server.wait_for_level(resident_before)
        figures["RSS MB before/peak/after"] = "/".join(
            megabytes(count) for count in (resident_before, peak, resident_after)
        )
    except BaseException:
        if witness is not None:
            witness.stop()
        try:
            server.stop()
        except StressFailure as failure:
            print(f"  {failure}", file=sys.stderr)
        raise
    witness.stop()
    server.stop()


def read_arguments():
    parser = argparse.ArgumentParser(prog="tests/stress/run", description=__doc__)
    parser.add_argument("scenarios", nargs="*", help="scenarios to run, of: " + " ".join(SCENARIOS))
    parser.add_argument(
        "--quick", action="store_true", help="smaller amounts; takes less than a minute"
    )
    parser.add_argument("--count", type=int, help="mutated requests (100000; quick: 20000)")
    parser.add_argument("--seconds", type=float, help="duration of the mixed load (60; quick: 6)")
    parser.add_argument("--processes", type=int, default=2, help="clients of the mixed load (2)")
    parser.add_argument("--seed", type=int, default=1, help="random seed (1)")
    arguments = parser.parse_args()
    for name in arguments.scenarios:
        if name not in SCENARIOS:
            parser.error(f"no such scenario: {name}")
    quick = arguments.quick
    options = Options(
        quick=quick,
        count=arguments.count or (20_000 if quick else 100_000),
        seconds=arguments.seconds or (6 if quick else 60),
        seed=arguments.seed,
        processes=arguments.processes,
    )
    return arguments.scenarios or list(SCENARIOS), options


def main():
    names, options = read_arguments()
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        figures = {}
        failure = None
        try:
            run_scenario(name, options, figures)
        except (StressFailure, AssertionError, OSError) as error:
            failed.append(name)
            failure = error
        for figure, value in figures.items():
            print(f"  {figure}: {in_words(value)}", flush=True)
        if failure is not None:
            what = f"{type(failure).__name__}: {failure}"
            print(f"  FAILED (seed {options.seed}): {what}", flush=True)
    if failed:
        print("failed: " + " ".join(failed))
        sys.exit(1)


if __name__ == "__main__":
    main()

"""Measures a server and prints one table. bench/run builds the programs; docs/benchmarks.md
explains the table."""

import argparse
import datetime
import fnmatch
import http.client
import itertools
import os
import pathlib
import statistics
import sys
import tempfile

from figures import FIGURES
from processes import (
    LOAD_CORES,
    SERVER_CORES,
    BenchFailure,
    find_endpoint,
    run_wrk,
    start_baseline,
    start_pageturner,
)
from rows import BASELINE_REQUEST, BASELINES, ROWS

# The ratio is measured in several rounds at this number only; the other numbers are informative.
CONNECTIONS = 16


class Bench:
    """The servers of one run, each started by the first row that needs it. Each table has a server
    of its own, since all tables of a server share one tree."""

    def __init__(self, options, directory):
        self._options = options
        self._directory = directory
        self._seeds = itertools.count(1)
        self._baselines = {}
        self._servers = {}  # by table name
        self._against = find_endpoint(options.against) if options.against else None

    def measure(self, row):
        """Returns for each number of connections a run, and the ratio of its CPU time to the
        base's."""
        target = self._target(row)
        base = self._target(next(other for other in ROWS if other.name == row.base))
        return [self._measure_at(n, target, base) for n in self._options.connections]

    def forget(self, table):
        """Deletes a table that no later row needs, and stops its server if this run started it."""
        if table.name not in self._servers:
            return
        endpoint = self._servers.pop(table.name)
        if endpoint is self._against:
            table.drop(endpoint)
        else:
            endpoint.stop()

    def stop(self):
        for endpoint in [*self._baselines.values(), *self._servers.values()]:
            if endpoint is not self._against:
                endpoint.stop()

    def _target(self, row):
        """Returns the endpoint of a row, and the files with its requests."""
        if row.load is None:
            return self._baseline(row.name)
        table = row.load.table
        if table.name not in self._servers:
            self._servers[table.name] = self._against or start_pageturner("--threads", "1")
            try:
                table.create(self._servers[table.name])
            except BaseException:
                self.forget(table)
                raise
        endpoint = self._servers[table.name]
        return endpoint, row.load.prepare(endpoint, self._directory_of(row.name))

    def _baseline(self, name):
        if name not in self._baselines:
            self._baselines[name] = start_baseline(*BASELINES[name])
        file = self._directory_of(name) / "request"
        file.write_text(BASELINE_REQUEST.text(self._baselines[name]))
        return self._baselines[name], [file]

    def _directory_of(self, name):
        directory = self._directory / name
        directory.mkdir(exist_ok=True)
        return directory

    def _measure_at(self, connections, target, base):
        """Measures target and base alternately, the base first and last: each run is compared with
        the base runs before and after it, since a shared machine changes its speed in minutes."""

        def run(endpoint, files):
            seconds = self._options.seconds
            cores = SERVER_CORES if self._options.one_core else LOAD_CORES
            return run_wrk(endpoint, files, connections, seconds, next(self._seeds), cores)

        rounds = self._options.rounds if connections == CONNECTIONS else 1
        bases = [run(*base)]
        runs = []
        for _ in range(rounds):
            runs.append(run(*target))
            bases.append(run(*base))
        ratio = None
        if runs[0].cpu_us is not None and bases[0].cpu_us is not None:
            neighbours = [before.cpu_us + after.cpu_us for before, after in zip(bases, bases[1:])]
            ratio = statistics.median(2 * r.cpu_us / n for r, n in zip(runs, neighbours))
        return sorted(runs, key=lambda r: r.per_second)[rounds // 2], ratio


COLUMNS = {  # names and widths
    "row": 21,
    "compared with": 13,
    "CPU ratio": 21,
    "at most": 7,
    "CPU µs a request": 26,
    "requests/s": 22,
    "p50 ms": 22,
    "p99 ms": 23,
    "answer bytes": 12,
}


def print_line(cells):
    padded = (f"{cell:{width}}" for cell, width in zip(cells, COLUMNS.values()))
    print("| " + " | ".join(padded) + " |", flush=True)


def print_row(row, measured):
    runs = [run for run, _ in measured]

    def several(values, form):
        return " / ".join("-" if value is None else f"{value:{form}}" for value in values)

    print_line(
        (
            row.name,
            row.base,
            several([ratio for _, ratio in measured], ".2f"),
            "" if row.limit is None else f"{row.limit:.2f}",
            several([run.cpu_us for run in runs], ".1f"),
            several([run.per_second for run in runs], ".0f"),
            several([run.p50_ms for run in runs], ".2f"),
            several([run.p99_ms for run in runs], ".2f"),
            f"{runs[-1].answer_bytes:.0f}",
        )
    )


def tables_of(rows):
    """Returns the tables of `rows` and of the rows they are compared with, by name."""
    bases = {row.base for row in rows}
    needed = [*rows, *(row for row in ROWS if row.name in bases)]
    return {row.load.table.name: row.load.table for row in needed if row.load}


def measure_rows(rows, options):
    """Prints a line for each row when it is measured. Returns the number of failed rows."""
    print_line(COLUMNS)
    print_line("-" * width for width in COLUMNS.values())
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(options, pathlib.Path(directory))
        try:
            for number, row in enumerate(rows, 1):
                try:
                    print_row(row, bench.measure(row))
                except (BenchFailure, OSError, http.client.HTTPException) as failure:
                    print(f"| {row.name:{COLUMNS['row']}} | failed: {failure}", flush=True)
                    failures += 1
                still_needed = tables_of(rows[number:])
                for name, table in tables_of(rows[:number]).items():
                    if name not in still_needed:
                        bench.forget(table)
        finally:
            bench.stop()
    return failures


def print_figures(names):
    print("\n| figure | measured | asked |\n| --- | --- | --- |", flush=True)
    for name in names:
        measured, asked = FIGURES[name]()
        print(f"| {name} | {measured} | {asked} |", flush=True)


def parse_options():
    names = [row.name for row in ROWS] + list(FIGURES)
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Builds a release, measures it and prints one table.",
        epilog="Rows: " + ", ".join(names),
    )
    parser.add_argument("rows", nargs="*", help="rows to measure; patterns like 'query*' (all)")
    parser.add_argument("--against", metavar="URL", help="measure another endpoint")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"{CONNECTIONS} connections only, one round, no table of a million items",
    )
    parser.add_argument(
        "--large",
        action="store_true",
        help="also a table of 5 million items: needs about 4 GB of memory, 4 minutes more",
    )
    parser.add_argument(
        "--one-core",
        action="store_true",
        help="wrk on the server's core: more stable ratios on a busy or virtual machine",
    )
    parser.add_argument("--seconds", type=int, default=1, help="duration of each run of wrk (1)")
    parser.add_argument(
        "--rounds",
        type=int,
        help=f"runs with {CONNECTIONS} connections; prints the median (3; quick: 1)",
    )
    options = parser.parse_args()
    for pattern in options.rows:
        if not fnmatch.filter(names, pattern):
            parser.error(f"no such row: {pattern}")
    options.connections = [CONNECTIONS] if options.quick else [1, CONNECTIONS, 64]
    if options.rounds is None:
        options.rounds = 1 if options.quick else 3
    return options


def is_wanted(name, options):
    return not options.rows or any(fnmatch.fnmatch(name, pattern) for pattern in options.rows)


def is_in_time(row, options):
    if row.is_large:
        return options.large
    return row.is_quick or not options.quick


def main():
    options = parse_options()
    rows = [
        row
        for row in ROWS
        if is_wanted(row.name, options) and (row.name in options.rows or is_in_time(row, options))
    ]
    # The figures need processes started by this program.
    figures = [] if options.against else [name for name in FIGURES if is_wanted(name, options)]
    measured = options.against or "Pageturner"
    load = f"{os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f}"
    load += ", wrk on the server's" if options.one_core else ""
    connections = " / ".join(map(str, options.connections))
    print(f"{measured}, {datetime.date.today()}, {load}, {connections} connections\n", flush=True)
    failures = measure_rows(rows, options) if rows else 0
    if figures:
        print_figures(figures)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()

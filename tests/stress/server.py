"""The server under stress: a process of its own, what it uses, and short ways to ask it."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests/clients"))

import raw_http  # noqa: E402
from raw_http import chunk, head, operation_headers, operation_request  # noqa: E402

BINARY = os.environ.get("PAGETURNER_BINARY", str(REPOSITORY / "build/release/pageturner"))
SECONDS_TO_STOP_MAX = 20
MEGABYTE = 1024 * 1024
# What a process may keep for its next requests when nothing is going on. The allocator does not give
# back what is freed in the midst of what is in use, so that the server has it trim its memory once
# 32 MB more than the data needs have come together (server/process_memory.h); beside that there are
# the buffers that threads keep.
LEVEL_BYTES_MAX = 48 * MEGABYTE


# Longer is a hang. The load has a low priority (stress.py), so that on a busy machine it takes time.
SECONDS_MAX = 60


class Connection(raw_http.Connection):
    """A connection on which a client waits for each answer as long as that."""

    def __init__(self, port):
        super().__init__(port, seconds_max=SECONDS_MAX)


class StressFailure(Exception):
    """Something does not hold; the text says what."""


def check(condition, text):
    """Fails the scenario unless `condition` holds."""
    if not condition:
        raise StressFailure(text)


class Server:
    """A running server, and the tables that scenarios share."""

    def __init__(self, *flags):
        self._errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [BINARY, "--host", "127.0.0.1", "--port", "0", *flags],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        line = self.process.stdout.readline()
        found = re.search(r"listens on http://[^ ]+:(\d+)$", line.strip())
        if not found:
            self.process.kill()
            raise StressFailure(f"the server did not start: {line!r}")
        self.process.stdout.readline()  # the hint
        self.port = int(found.group(1))

    def _status(self, name):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024

    def resident_bytes(self):
        """Returns what the process has in memory."""
        return self._status("VmRSS")

    def peak_bytes(self):
        """Returns the most that it had in memory since reset_peak()."""
        return self._status("VmHWM")

    def reset_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")

    def descriptors(self):
        """Returns how many file descriptors the process has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def metric(self, name):
        """Returns the value of a metric that has no labels."""
        with Connection(self.port) as connection:
            text = connection.call(head({"Host": "localhost"}, "GET", "/metrics")).body.decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE).group(1))

    def call(self, operation, parameters, **headers):
        """Calls an operation on a connection of its own. Returns status and parsed answer."""
        with Connection(self.port) as connection:
            return call(connection, operation, parameters, **headers)

    def must(self, operation, parameters, **headers):
        """Returns what the operation answers. Fails where it is refused."""
        status, answer = self.call(operation, parameters, **headers)
        check(status == 200, f"{operation} answers {status} {answer}")
        return answer

    def wait_for_descriptors(self, count, seconds=15):
        """Waits until no more than `count` descriptors are open, which closed connections give
        back a moment later. Returns how many there are."""
        deadline = time.monotonic() + seconds
        while (now := self.descriptors()) > count and time.monotonic() < deadline:
            time.sleep(0.05)
        return now

    def wait_for_level(self, before, seconds=30):
        """Waits until the process has given back what it does not need: until it has no more than
        `before`, its data, and LEVEL_BYTES_MAX. Fails where that does not come. Returns what it
        has."""
        limit = before + self.metric("pageturner_memory_bytes") + LEVEL_BYTES_MAX
        deadline = time.monotonic() + seconds
        while (now := self.resident_bytes()) > limit and time.monotonic() < deadline:
            time.sleep(0.1)
        check(
            now <= limit,
            f"{now / MEGABYTE:.1f} MB are resident after {seconds} s, of which "
            f"{before / MEGABYTE:.1f} were so before; at most {limit / MEGABYTE:.1f}",
        )
        return now

    def stop(self):
        """Ends the process. Fails unless it was alive, ends well and has complained of nothing: an
        internal error is a line on its error output."""
        was_alive = self.process.poll() is None
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise StressFailure("the server does not end") from None
        finally:
            self.process.stdout.close()
        self._errors.seek(0)
        errors = self._errors.read(2000)
        self._errors.close()
        check(was_alive, f"the server died: exit code {self.process.returncode}, {errors!r}")
        check(self.process.returncode == 0, f"the server ended with {self.process.returncode}")
        check(errors == "", f"the server complained: {errors!r}")


def streams_target(operation):
    """Returns the headers that make a request one of the streams' operations."""
    return {"X_Amz_Target": f"DynamoDBStreams_20120810.{operation}"}


def call(connection, operation, parameters, **headers):
    """Calls an operation. Returns status and parsed answer."""
    body = json.dumps(parameters).encode()
    answer = connection.call(operation_request(operation, body, **headers))
    return answer.status, json.loads(answer.body or "{}")  # some answers are empty


def table_definition(name, sort_key=None, **more):
    """Returns the parameters of a CreateTable with the partition key "id", a string."""
    definitions = [{"AttributeName": "id", "AttributeType": "S"}]
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    if sort_key is not None:
        definitions.append({"AttributeName": sort_key, "AttributeType": "N"})
        keys.append({"AttributeName": sort_key, "KeyType": "RANGE"})
    return {
        "TableName": name,
        "AttributeDefinitions": definitions + more.pop("AttributeDefinitions", []),
        "KeySchema": keys,
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }

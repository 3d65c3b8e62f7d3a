"""The server under stress: its process, its resource usage, and short functions to call it."""

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
sys.path.append(str(REPOSITORY / "tests/support"))

import raw_http  # noqa: E402
from listening_process import (  # noqa: E402, F401
    ListeningProcess,
    StartFailure,
    cpu_time_ns,
    memory_bytes,
)
from raw_http import (  # noqa: E402, F401
    chunk,
    head,
    json_request,
    operation_headers,
    operation_request,
)

BINARY = os.environ.get("PAGETURNER_BINARY", str(REPOSITORY / "build/release/pageturner"))
MEGABYTE = 1024 * 1024
# The memory that an idle process may keep for later requests. The allocator does not return freed
# memory that lies between allocated blocks; the server trims its memory when 32 MB more than the
# data needs have accumulated (server/process_memory.h). In addition there are the buffers of the
# threads.
LEVEL_BYTES_MAX = 48 * MEGABYTE

# Lines on stderr that are no errors of the server: the first refusal of an origin or a host, and
# items of an import that are invalid.
EXPECTED_LINES = ("pageturner: Requests of browsers with ", '{"itemS3Pointer":')

# A longer response time is a hang. The load has a low priority (stress.py), so it is slow on a busy
# machine.
SECONDS_MAX = 60


class Connection(raw_http.Connection):
    """A connection with this timeout for each response."""

    def __init__(self, port):
        super().__init__(port, seconds_max=SECONDS_MAX)


class StressFailure(Exception):
    """A failed check; the text says what failed."""


def check(condition, text):
    """Raises StressFailure with `text` unless `condition` holds."""
    if not condition:
        raise StressFailure(text)


class Server(ListeningProcess):
    """A running server, with tables that scenarios share."""

    def __init__(self, *flags):
        self._errors = tempfile.TemporaryFile(mode="w+")
        try:
            super().__init__(
                BINARY, "--host", "127.0.0.1", "--port", "0", *flags, stderr=self._errors
            )
        except StartFailure as error:
            raise StressFailure(str(error)) from None

    def resident_bytes(self):
        """Returns the resident memory of the process in bytes."""
        return memory_bytes(self.process.pid)

    def peak_bytes(self):
        """Returns the peak resident memory since reset_peak() in bytes."""
        return memory_bytes(self.process.pid, "VmHWM")

    def reset_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")

    def descriptors(self):
        """Returns the number of open file descriptors of the process."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def metric(self, name):
        """Returns the value of a metric without labels."""
        with Connection(self.port) as connection:
            text = connection.call(head({"Host": "localhost"}, "GET", "/metrics")).body.decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE).group(1))

    def call(self, operation, parameters, **headers):
        """Calls an operation on a new connection. Returns the status and the parsed response."""
        with Connection(self.port) as connection:
            return call(connection, operation, parameters, **headers)

    def must(self, operation, parameters, **headers):
        """Returns the parsed response. Fails on an error response."""
        status, answer = self.call(operation, parameters, **headers)
        check(status == 200, f"{operation} answers {status} {answer}")
        return answer

    def wait_for_descriptors(self, count, seconds=15):
        """Waits until at most `count` descriptors are open; closed connections release them with a
        delay. Returns the number of open ones."""
        deadline = time.monotonic() + seconds
        while (now := self.descriptors()) > count and time.monotonic() < deadline:
            time.sleep(0.05)
        return now

    def wait_for_level(self, before, seconds=30):
        """Waits until the process has freed unused memory: until it has at most `before`, plus the
        size of its data, plus LEVEL_BYTES_MAX. Fails after `seconds`. Returns the resident memory
        in bytes."""
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
        """Stops the process. Fails if it had already ended, exits with an error or has printed to
        stderr, as it does for an internal error."""
        was_alive = self.process.poll() is None
        try:
            exit_code, _, _ = super().stop()
        except subprocess.TimeoutExpired:
            raise StressFailure("the server does not end") from None
        self._errors.seek(0)
        errors = "".join(line for line in self._errors if not line.startswith(EXPECTED_LINES))[:2000]
        self._errors.close()
        check(was_alive, f"the server died: exit code {exit_code}, {errors!r}")
        check(exit_code == 0, f"the server ended with {exit_code}")
        check(errors == "", f"the server printed errors: {errors!r}")


def streams_target(operation):
    """Returns the headers of a request to an operation of DynamoDB Streams."""
    return {"X_Amz_Target": f"DynamoDBStreams_20120810.{operation}"}


def call(connection, operation, parameters, **headers):
    """Calls an operation. Returns the status and the parsed response."""
    answer = connection.call(json_request(operation, parameters, **headers))
    return answer.status, json.loads(answer.body or "{}")  # some responses are empty


def table_definition(name, sort_key=None, **more):
    """Returns the parameters of a CreateTable with the string partition key "id"."""
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

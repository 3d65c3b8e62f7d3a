"""HTTP as bytes on a socket, for details that client libraries hide."""

import json
import re
import select
import socket
from dataclasses import dataclass

AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=tests/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=0000"
)


@dataclass
class Answer:
    status: int
    headers: dict  # the names in lower case
    body: bytes


def head(headers, method="POST", path="/", version="HTTP/1.1"):
    """Returns the head of a request. Headers whose value is None are omitted."""
    lines = [f"{method} {path} {version}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def operation_headers(operation, **changes):
    """Returns the headers of a request of an operation, without those that describe its body.

    The names of `changes` are written with underscores.
    """
    headers = {
        "Host": "localhost",
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Date": "20260101T000000Z",
        "Authorization": AUTHORIZATION,
    }
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    return headers


def operation_request(operation, body, **changes):
    """Returns the bytes of a complete request of an operation."""
    headers = {**operation_headers(operation, **changes), "Content-Length": len(body)}
    return head(headers) + body


def json_request(operation, parameters, **changes):
    """The same for parameters that are not written as JSON yet."""
    return operation_request(operation, json.dumps(parameters).encode(), **changes)


def chunk(data, extension=""):
    """Returns `data` as one chunk of a chunked body."""
    return f"{len(data):x}{extension}\r\n".encode() + data + b"\r\n"


class Connection:
    """One connection, from which responses are read one by one, each within `seconds_max`."""

    def __init__(self, port, receive_buffer_bytes=None, seconds_max=20, host="127.0.0.1"):
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer_bytes is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        self._socket.settimeout(seconds_max)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.connect((host, port))
        except OSError:
            self._socket.close()
            raise
        self._file = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self._socket.close()

    def send(self, data):
        self._socket.sendall(data)

    def read_answer(self, has_body=True):
        """Reads one response. `has_body` is False for a response to HEAD and for 1xx."""
        status_line = self._file.readline()
        found = re.fullmatch(rb"HTTP/1\.1 (\d{3}) [^\r\n]+\r\n", status_line)
        if not found:
            raise AssertionError(f"not a status line: {status_line!r}")
        headers = {}
        while (line := self._file.readline()) != b"\r\n":
            found_header = re.fullmatch(r"([^:\s]+): ([^\r\n]*)\r\n", line.decode("ascii"))
            if not found_header:
                raise AssertionError(f"not a header line: {line!r}")
            name = found_header.group(1).lower()
            if name in headers:
                raise AssertionError(f"a header that is there twice: {line!r}")
            headers[name] = found_header.group(2)
        body = b""
        if has_body:
            body = self._file.read(int(headers["content-length"]))
            if len(body) != int(headers["content-length"]):
                raise AssertionError("the body is shorter than its Content-Length")
        return Answer(int(found.group(1)), headers, body)

    def call(self, request):
        """Sends one request and reads its response."""
        self.send(request)
        return self.read_answer()

    def is_waiting(self):
        """Whether no byte of the next response has arrived. Requires: all responses were read."""
        return not select.select([self._socket], [], [], 0)[0]

    def is_at_end(self):
        """Waits for the server to close its side. Returns False if it sends a byte instead."""
        return self._file.read(1) == b""


def table_definition(name):
    """Returns the body of a CreateTable."""
    return json.dumps(
        {
            "TableName": name,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
    ).encode()

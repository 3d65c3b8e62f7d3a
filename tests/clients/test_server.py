"""Scripts start and stop the server, so the tests check the process: its flags, output lines, exit
codes and signals.
"""

import json
import signal
import socket
import subprocess
import threading
import time
import unittest

from raw_http import Connection, json_request, operation_request, table_definition
from server_process import ServerProcess, has_ipv6, run_server


LARGE_ITEM = {"id": {"S": "a"}, "text": {"S": "x" * 400_000}}


def put_large_item(connection, table):
    """Creates the table and puts LARGE_ITEM into it."""
    for operation, body in (
        ("CreateTable", table_definition(table)),
        ("PutItem", json.dumps({"TableName": table, "Item": LARGE_ITEM}).encode()),
    ):
        answer = connection.call(operation_request(operation, body))
        if answer.status != 200:
            raise AssertionError(answer)


def get_large_item(table):
    """Returns the bytes of a request for LARGE_ITEM."""
    get = {"TableName": table, "Key": {"id": LARGE_ITEM["id"]}}
    return json_request("GetItem", get)


class Flags(unittest.TestCase):
    def test_version(self):
        """--version prints one line that scripts can parse."""
        ended = run_server("--version")
        self.assertRegex(ended.stdout, r"\APageturner \d+\.\d+\.\d+\n\Z")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def test_help(self):
        """--help prints to the standard output, since it was requested, and names every flag."""
        ended = run_server("--help")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        for flag in (
            "--port",
            "--host",
            "--threads",
            "--max-memory",
            "--stream-shards",
            "--transition-ms",
            "--ttl-sweep-ms",
            "--access-key",
            "--secret-key",
            "--credentials-file",
            "--s3-root",
            "--cors",
            "--allowed-hosts",
            "--log",
            "--log-format",
            "--version",
            "--help",
        ):
            self.assertRegex(ended.stdout, rf"(?m)^  {flag}\b")

    def test_bad_flags(self):
        """Invalid flags end the process at once, with one line that names the error."""
        for flags, named in (
            (["--prot", "8010"], "--prot"),
            (["8010"], "8010"),
            (["-p", "8010"], "-p"),
            (["--port"], "--port"),
            (["--port", "eighty"], "eighty"),
            (["--port", "65536"], "65536"),
            (["--port", "-1"], "-1"),
            (["--port", "80 "], "80 "),
            (["--port="], "--port"),
            (["--threads", "0"], "--threads"),
            (["--ttl-sweep-ms", "-1"], "--ttl-sweep-ms"),
            (["--ttl-sweep-ms", "1s"], "1s"),
            (["--stream-shards", "0"], "--stream-shards"),
            (["--stream-shards", "1001"], "1001"),
            (["--transition-ms", "-1"], "--transition-ms"),
            (["--version=2"], "--version"),
            (["--host", ""], "--host"),
            (["--host", "no.such.host.invalid", "--port", "0"], "no.such.host.invalid"),
        ):
            with self.subTest(flags=flags):
                ended = run_server(*flags)
                self.assertNotEqual(ended.returncode, 0)
                self.assertEqual(ended.stdout, "")
                self.assertRegex(ended.stderr, r"\Apageturner: [^\n]+\n\Z")
                self.assertIn(named, ended.stderr)

    def test_port_in_use(self):
        """The most frequent error, a port in use, gets one clear line with the port in it."""
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            ended = run_server("--port", str(port))
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertRegex(ended.stderr, rf"\Apageturner: [^\n]*\b{port} is in use\n\Z")

    def test_port_of_another_server(self):
        """A second server on the port of a first one fails too: they must never share it."""
        first = ServerProcess()
        try:
            ended = run_server("--port", str(first.port))
            self.assertEqual((ended.returncode, ended.stdout), (1, ""))
            self.assertRegex(ended.stderr, r"\Apageturner: [^\n]* is in use\n\Z")
            with Connection(first.port) as connection:
                answer = connection.call(operation_request("ListTables", b"{}"))
            self.assertEqual(answer.status, 200)
        finally:
            first.stop()

    def test_free_port(self):
        """--port 0 selects a free port and prints it in a line before it accepts requests."""
        server = ServerProcess()
        try:
            self.assertRegex(
                server.first_line,
                r"\APageturner \d+\.\d+\.\d+ listens on http://127\.0\.0\.1:\d+\n\Z",
            )
            self.assertGreater(server.port, 0)
            with Connection(server.port) as connection:
                answer = connection.call(operation_request("ListTables", b"{}"))
            self.assertEqual(answer.status, 200)
        finally:
            self.assertEqual(server.stop(), (0, "", ""))

    def test_port_is_free_again(self):
        """A server can be restarted on the port of one that has just ended with open
        connections."""
        first = ServerProcess()
        with Connection(first.port) as connection:
            connection.call(operation_request("ListTables", b"{}"))
            first.stop()
        second = ServerProcess("--port", str(first.port))
        self.assertEqual(second.port, first.port)
        self.assertEqual(second.stop(), (0, "", ""))


class OtherServer:
    """A server on a free port that passes each connection to `behave`."""

    def __init__(self, behave):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._behave = behave
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection:
            try:
                self._behave(connection)
            except OSError:
                pass  # the client has closed the connection

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._thread.join(20)
        self._listener.close()


def dribble(connection):
    """Sends a healthy response, but one byte per 100 ms, longer than a health check waits."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10:
        connection.send(bytes([byte]))
        time.sleep(0.1)


class Health(unittest.TestCase):
    """A container's health check runs `pageturner health`: its exit code is the result, and `docker
    inspect` shows its output."""

    def test_healthy(self):
        """A reachable server is healthy, also one that listens on all addresses."""
        hosts = ["127.0.0.1", "localhost", "0.0.0.0"] + (
            ["::1", "::", "0.0.0.0,::", "::1,127.0.0.1"] if has_ipv6() else []
        )
        for host in hosts:
            with self.subTest(host=host):
                server = ServerProcess("--host", host)
                try:
                    ended = run_server("health", "--host", host, "--port", str(server.port))
                finally:
                    self.assertEqual(server.stop(), (0, "", ""))
                self.assertEqual((ended.returncode, ended.stderr), (0, ""))
                self.assertRegex(
                    ended.stdout, rf"\Apageturner: http://[^ ]+:{server.port} is healthy\n\Z"
                )

    def check_unhealthy(self, port, reason):
        begin = time.monotonic()
        ended = run_server("health", "--port", str(port))
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertRegex(
            ended.stderr,
            rf"\Apageturner: http://localhost:{port} is not healthy: {reason}\n\Z",
        )

    def test_no_server(self):
        """Without a server the result is unhealthy. The port is bound, so no process can take
        it."""
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.check_unhealthy(held.getsockname()[1], "Connection refused")

    def test_no_answer(self):
        """A server that hangs is not healthy, and the check does not hang."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.check_unhealthy(silent.getsockname()[1], r"no answer within \d+ ms")

    def test_wrong_answers(self):
        """Any response other than 200, or a late one, is unhealthy."""
        not_ok = "the answer to GET / is not 200 OK"
        for name, behave, reason in (
            ("closes", lambda connection: connection.recv(4096), not_ok),
            (
                "fails",
                lambda connection: (
                    connection.recv(4096),
                    connection.send(b"HTTP/1.1 500 Internal Server Error\r\n\r\n"),
                ),
                not_ok,
            ),
            ("dribbles", dribble, r"no answer within \d+ ms"),
        ):
            with self.subTest(server=name), OtherServer(behave) as other:
                self.check_unhealthy(other.port, reason)

    def test_bad_flags(self):
        """Invalid flags are reported as by the server."""
        for flags in (["--prot", "8010"], ["--port", "x"], ["health"]):
            with self.subTest(flags=flags):
                ended = run_server("health", *flags)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertRegex(ended.stderr, r"\Apageturner: [^\n]+\n\Z")


class Signals(unittest.TestCase):
    def test_requests_in_flight_get_responses(self):
        """On SIGTERM and SIGINT all requests that have arrived get a response; the exit code is 0.

        The responses exceed the buffers between the two processes, so that most of their bytes are
        not sent yet when the signal arrives.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                server = ServerProcess()
                self.addCleanup(server.stop)
                with Connection(server.port) as connection:
                    put_large_item(connection, "in_flight")
                with Connection(server.port, receive_buffer_bytes=64 * 1024) as connection:
                    count = 60
                    connection.send(get_large_item("in_flight") * count)
                    server.send_signal(number)
                    for _ in range(count):
                        answer = connection.read_answer()
                        self.assertEqual(answer.status, 200)
                        self.assertEqual(json.loads(answer.body), {"Item": LARGE_ITEM})
                    self.assertTrue(connection.is_at_end())
                self.assertEqual(server.wait(), (0, "", ""))

    def test_idle_connections_do_not_delay(self):
        """Idle connections, and an incomplete request, do not delay the exit."""
        server = ServerProcess()
        self.addCleanup(server.stop)
        with Connection(server.port) as idle, Connection(server.port) as unfinished:
            idle.call(operation_request("ListTables", b"{}"))
            unfinished.call(operation_request("ListTables", b"{}"))
            unfinished.send(operation_request("ListTables", b"{}")[:-1])
            begin = time.monotonic()
            server.send_signal(signal.SIGTERM)
            self.assertTrue(idle.is_at_end())
            self.assertTrue(unfinished.is_at_end())
            self.assertEqual(server.wait(), (0, "", ""))
            self.assertLess(time.monotonic() - begin, 3)

    def test_second_signal(self):
        """A second signal ends the process without waiting for clients that do not read. The exit
        code is the one that a shell shows for the signal, also if the process is number 1 of a
        container, which no signal ends by default.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                server = ServerProcess()
                self.addCleanup(server.stop)
                with Connection(server.port, receive_buffer_bytes=4096) as connection:
                    put_large_item(connection, "in_flight")
                    connection.send(get_large_item("in_flight") * 60)
                    server.send_signal(number)
                    with self.assertRaises(subprocess.TimeoutExpired):
                        server.process.wait(0.5)
                    server.send_signal(number)
                    begin = time.monotonic()
                    self.assertEqual(server.wait(), (128 + number, "", ""))
                    self.assertLess(time.monotonic() - begin, 2)

    def test_refuses_after_the_signal(self):
        """After the process has ended its port is closed, so a client gets an error at once."""
        server = ServerProcess()
        self.assertEqual(server.stop(), (0, "", ""))
        with self.assertRaises(ConnectionRefusedError):
            Connection(server.port)


if __name__ == "__main__":
    unittest.main()

"""Scripts start and stop the server.

So these tests look at the process: its flags, lines, exit codes and signals.
"""

import json
import signal
import socket
import subprocess
import time
import unittest

from raw_http import Connection, operation_request, table_definition
from server_process import BINARY, ServerProcess


def run_server(*flags):
    """Runs the server for a call that ends by itself."""
    return subprocess.run(
        [BINARY, *flags], capture_output=True, text=True, timeout=20, check=False
    )


class Flags(unittest.TestCase):
    def test_version(self):
        """--version prints one line that scripts can take apart."""
        ended = run_server("--version")
        self.assertRegex(ended.stdout, r"\APageturner \d+\.\d+\.\d+\n\Z")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def test_help(self):
        """--help was asked for: it goes to the standard output, and names every flag."""
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
            "--log",
            "--log-format",
            "--version",
            "--help",
        ):
            self.assertRegex(ended.stdout, rf"(?m)^  {flag}\b")

    def test_bad_flags(self):
        """A mistake in the flags ends the process at once, with one line that names the mistake."""
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
        """The commonest failure of all gets one clear line with the port in it."""
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
        """--port 0 picks a free port and says which, in a line that is there before any request."""
        server = ServerProcess()
        try:
            self.assertRegex(
                server.first_line,
                r"\APageturner \d+\.\d+\.\d+ listens on http://localhost:\d+\n\Z",
            )
            self.assertEqual(
                server.hint,
                f"Try: aws dynamodb list-tables --endpoint-url http://localhost:{server.port}\n",
            )
            self.assertGreater(server.port, 0)
            with Connection(server.port) as connection:
                answer = connection.call(operation_request("ListTables", b"{}"))
            self.assertEqual(answer.status, 200)
        finally:
            self.assertEqual(server.stop(), (0, "", ""))

    def test_all_addresses(self):
        """The hint can be typed as it is, also where the address is none to go to."""
        server = ServerProcess(address=("--host", "0.0.0.0", "--port", "0"))
        self.addCleanup(server.stop)
        self.assertIn(f" listens on http://0.0.0.0:{server.port}\n", server.first_line)
        self.assertIn(f" http://localhost:{server.port}\n", server.hint)

    def test_port_is_free_again(self):
        """A server can be started again on the port of one that has just ended with connections."""
        first = ServerProcess()
        with Connection(first.port) as connection:
            connection.call(operation_request("ListTables", b"{}"))
            first.stop()
        second = ServerProcess("--port", str(first.port))
        self.assertEqual(second.port, first.port)
        self.assertEqual(second.stop(), (0, "", ""))


class Signals(unittest.TestCase):
    def test_answers_what_is_in_flight(self):
        """SIGTERM and SIGINT let every request that has arrived be answered, and then exit with 0.

        The answers are far more bytes than the buffers between the two processes hold, so that most
        of them are yet to be sent when the signal comes.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                server = ServerProcess()
                self.addCleanup(server.stop)
                item = {"id": {"S": "a"}, "text": {"S": "x" * 400_000}}
                get = {"TableName": "in_flight", "Key": {"id": {"S": "a"}}}
                with Connection(server.port) as connection:
                    for operation, body in (
                        ("CreateTable", table_definition("in_flight")),
                        ("PutItem", json.dumps({"TableName": "in_flight", "Item": item}).encode()),
                    ):
                        answer = connection.call(operation_request(operation, body))
                        self.assertEqual(answer.status, 200, answer.body)
                with Connection(server.port, receive_buffer_bytes=64 * 1024) as connection:
                    count = 60
                    request = operation_request("GetItem", json.dumps(get).encode())
                    connection.send(request * count)
                    server.send_signal(number)
                    for _ in range(count):
                        answer = connection.read_answer()
                        self.assertEqual(answer.status, 200)
                        self.assertEqual(json.loads(answer.body), {"Item": item})
                    self.assertTrue(connection.is_at_end())
                self.assertEqual(server.wait(), (0, "", ""))

    def test_idle_connections_do_not_delay(self):
        """Idle connections, and a request that never ends, do not hold up the exit."""
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

    def test_refuses_after_the_signal(self):
        """Once the process has ended nobody listens on its port: a client learns that at once."""
        server = ServerProcess()
        self.assertEqual(server.stop(), (0, "", ""))
        with self.assertRaises(ConnectionRefusedError):
            Connection(server.port)


if __name__ == "__main__":
    unittest.main()

"""A compose file or a script for DynamoDB Local must work after a change of the image only.

So the server accepts its flags and its Java command line. Source: guide, "DynamoDB local usage
notes", Command line options.
"""

import contextlib
import re
import socket
import unittest

from raw_http import Connection, operation_request, table_definition
from server_process import ServerProcess, run_server


@contextlib.contextmanager
def port_in_use(port):
    """Ensures that a process listens on the port, this one or another."""
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", port))
            other.listen()
        except OSError:
            pass
        yield


class DynamoDBLocalFlags(unittest.TestCase):
    def test_starts_as_in_compose_files(self):
        """The usual commands of compose files and scripts, after the address flags of this test."""
        for command in (
            "-jar DynamoDBLocal.jar -sharedDb -inMemory",
            "-jar DynamoDBLocal.jar -inMemory -sharedDb -disableTelemetry",
            "-Djava.library.path=./DynamoDBLocal_lib -jar DynamoDBLocal.jar -sharedDb",
            "-Xmx512m -jar DynamoDBLocal.jar -inMemory -cors * -delayTransientStatuses",
        ):
            with self.subTest(command=command):
                server = ServerProcess(*command.split())
                with Connection(server.port) as connection:
                    answer = connection.call(operation_request("ListTables", b"{}"))
                self.assertEqual(answer.status, 200)
                self.assertEqual(server.stop(), (0, "", ""))

    def test_port(self):
        """-port is the same as --port."""
        server = ServerProcess(address=("-port", "0"))
        self.assertGreater(server.port, 0)
        self.assertEqual(server.stop(), (0, "", ""))

    def test_default_port(self):
        """With a flag of DynamoDB Local the default port is its 8000, otherwise 8010."""
        for flags, port in (
            (["-inMemory"], 8000),
            (["-jar", "DynamoDBLocal.jar"], 8000),
            (["-Djava.library.path=./DynamoDBLocal_lib"], 8000),
            (["--host", "127.0.0.1", "-sharedDb"], 8000),
            (["--threads", "1"], 8010),
            ([], 8010),
        ):
            with self.subTest(flags=flags), port_in_use(port):
                ended = run_server(*flags)
                self.assertEqual((ended.returncode, ended.stdout), (1, ""))
                self.assertIn(f"port {port} is in use", ended.stderr)

    def test_health(self):
        """The health check of a container has no flags, and tries this port too."""
        try:
            server = ServerProcess(address=("-inMemory",))
        except RuntimeError as taken:
            self.skipTest(str(taken))
        try:
            asked = run_server("health")
        finally:
            server.stop()
        self.assertEqual((asked.returncode, asked.stderr), (0, ""))

    def test_help_and_version(self):
        """-help and -version print the same as --help and --version."""
        for flag in ("help", "version"):
            ended = run_server(f"-{flag}")
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertEqual(ended.stdout, run_server(f"--{flag}").stdout)

    def test_no_database_file(self):
        """Flags that need a database file are rejected with one line that says what to use."""
        for flags in (
            ["-dbPath", "./data"],
            ["-jar", "DynamoDBLocal.jar", "-sharedDb", "-dbPath", "./data"],
            ["-optimizeDbBeforeStartup"],
        ):
            with self.subTest(flags=flags):
                ended = run_server(*flags)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertRegex(
                    ended.stderr,
                    r"\Apageturner: -(dbPath|optimizeDbBeforeStartup): there is no database file yet"
                    r"[^\n]* without [^\n]*\n\Z",
                )

    def test_invalid_flags(self):
        """Flags that DynamoDB Local does not have are rejected, and invalid values too."""
        for flags, named in (
            (["-threads", "2"], "-threads"),
            (["-inmemory"], "-inmemory"),
            (["-port"], "-port"),
            (["-port", "http"], "http"),
            (["-jar"], "-jar"),
            (["-cors", ""], "-cors"),
            (["-inMemory=true"], "-inMemory"),
            (["--inMemory"], "--inMemory"),
            (["DynamoDBLocal.jar"], "DynamoDBLocal.jar"),
        ):
            with self.subTest(flags=flags):
                ended = run_server(*flags)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertRegex(ended.stderr, rf"\Apageturner: [^\n]*{re.escape(named)}[^\n]*\n\Z")

    def test_transient_statuses(self):
        """-delayTransientStatuses shows a new table as CREATING first."""
        for flags, status in (([], b"ACTIVE"), (["-delayTransientStatuses"], b"CREATING")):
            with self.subTest(flags=flags):
                server = ServerProcess(*flags)
                with Connection(server.port) as connection:
                    connection.call(operation_request("CreateTable", table_definition("slow")))
                    answer = connection.call(
                        operation_request("DescribeTable", b'{"TableName":"slow"}')
                    )
                self.assertIn(b'"TableStatus":"' + status + b'"', answer.body)
                server.stop()


class Cors(unittest.TestCase):
    """-cors has the list of domains whose pages may use the server."""

    def allowed_origin(self, server, origin, method="POST"):
        """Returns the Access-Control-Allow-Origin and the Vary of a response."""
        with Connection(server.port) as connection:
            request = operation_request("ListTables", b"{}", Origin=origin)
            if method == "OPTIONS":
                request = request.replace(b"POST", b"OPTIONS", 1)
            answer = connection.call(request)
        allowed = answer.headers.get("access-control-allow-origin")
        return answer.status, allowed, answer.headers.get("vary")

    def test_list(self):
        listed = "http://app.example, other.example:8080,localhost"
        for flag in ("-cors", "--cors"):
            server = ServerProcess(flag, listed)
            self.addCleanup(server.stop)
            for origin, allowed in (
                ("http://app.example", True),
                ("HTTP://APP.example", True),
                ("https://app.example", False),
                ("http://app.example:81", False),
                ("http://other.example:8080", True),
                ("https://other.example:8080", True),
                ("http://other.example", False),
                ("http://localhost:3000", True),
                ("http://localhost", True),
                ("http://notlocalhost", False),
                ("http://localhost.evil.example", False),
                ("null", False),
            ):
                for method in ("POST", "OPTIONS"):
                    with self.subTest(flag=flag, origin=origin, method=method):
                        self.assertEqual(
                            self.allowed_origin(server, origin, method),
                            (200, origin, "Origin") if allowed else (403, None, None),
                        )

    def test_everybody(self):
        for flags in (["-cors", "*"], ["-cors", "app.example,*"]):
            with self.subTest(flags=flags):
                server = ServerProcess(*flags)
                self.addCleanup(server.stop)
                for origin in ("http://a.example", "null"):
                    self.assertEqual(self.allowed_origin(server, origin), (200, "*", None))


if __name__ == "__main__":
    unittest.main()

"""The tables of tests/api hold for any endpoint that PAGETURNER_TEST_ENDPOINT names, which is how they
are compared with DynamoDB itself. Here the endpoint is a server of ours in a process of its own: with
signed requests, with tables that take their time, behind TLS, and with tables of somebody else.
"""

import contextlib
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from server_process import BINARY, ServerTestCase, client_environment
from tables import definition

API_TESTS = pathlib.Path(BINARY).parent / "tests/api_tests"
SECONDS_MAX = 300


def run_tables(test_filter, *flags, **environment):
    """Runs cases of the tables. Returns the exit code and the output."""
    process = subprocess.run(
        [str(API_TESTS), f"--gtest_filter={test_filter}", "--gtest_brief=1", *flags],
        env=client_environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_MAX,
    )
    return process.returncode, process.stdout


def failures_in(output):
    """Returns the lines of an output that are not about cases that are skipped."""
    lines = output.splitlines()
    return "\n".join(line for line in lines if not re.search(": Skipped$|^local only: ", line))


def count_passed(output):
    return int(re.search(r"PASSED  \] (\d+) tests?", output).group(1))


@unittest.skipUnless(API_TESTS.exists(), "there are no API tests beside the binary")
class TablesTestCase(ServerTestCase):
    def run_at_server(self, test_filter, **environment):
        """Runs cases at the server and checks that they leave no table there."""
        environment.setdefault("PAGETURNER_TEST_ENDPOINT", self.server.endpoint)
        result = run_tables(test_filter, **environment)
        self.assertEqual(self.client().list_tables()["TableNames"], [])
        return result

    def check_all_pass(self, test_filter, at_least, **environment):
        exit_code, output = self.run_at_server(test_filter, **environment)
        self.assertEqual(exit_code, 0, failures_in(output))
        self.assertGreaterEqual(count_passed(output), at_least)


class AnEndpoint(TablesTestCase):
    def test_all_tables(self):
        self.check_all_pass("Endpoint/*", at_least=2000)

    def test_one_case(self):
        self.check_all_pass("Endpoint/tables.it_is_gone", at_least=1)

    def test_tables_of_somebody_else(self):
        client = self.client()
        client.create_table(**definition("Shop"))
        self.addCleanup(client.delete_table, TableName="Shop")
        exit_code, output = run_tables(
            "Endpoint/query.*", PAGETURNER_TEST_ENDPOINT=self.server.endpoint
        )
        self.assertEqual(exit_code, 1, output)
        self.assertIn('the endpoint has a table "Shop"', output)
        self.assertEqual(client.list_tables()["TableNames"], ["Shop"])
        self.assertEqual(client.scan(TableName="Shop")["Count"], 0)

    def test_nobody_listens(self):
        exit_code, output = run_tables(
            "Endpoint/get_item.*", PAGETURNER_TEST_ENDPOINT="http://127.0.0.1:1"
        )
        self.assertEqual(exit_code, 1, output)
        self.assertIn("no connection to 127.0.0.1, port 1", output)


class Signatures(TablesTestCase):
    flags = ("--access-key", "tests", "--secret-key", "tests")

    def test_all_tables(self):
        self.check_all_pass("Endpoint/*", at_least=2000, AWS_REGION="eu-west-1")

    def test_a_wrong_secret(self):
        exit_code, output = self.run_at_server("Endpoint/get_item.*", AWS_SECRET_ACCESS_KEY="wrong")
        self.assertEqual(exit_code, 1, output)
        self.assertIn("InvalidSignatureException", output)
        self.assertRegex(output, r"tests/api/get_item\.json:\d+: Failure")


class TablesThatTakeTheirTime(TablesTestCase):
    flags = ("--transition-ms", "50")

    def test_states(self):
        self.check_all_pass(
            "Endpoint/create_table.*:Endpoint/update_table.*:Endpoint/tables.*", at_least=200
        )

    def test_an_interrupted_run_leaves_no_tables(self):
        process = subprocess.Popen(
            [str(API_TESTS)],
            env=client_environment(PAGETURNER_TEST_ENDPOINT=self.server.endpoint),
            stdout=subprocess.PIPE,
            text=True,
        )
        client = self.client()
        while not client.list_tables()["TableNames"]:
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=SECONDS_MAX)
        self.assertEqual(process.returncode, 1)
        self.assertIn("interrupted", output)
        self.assertEqual(client.list_tables()["TableNames"], [])


def make_certificate(folder):
    """Makes a certificate for localhost. Returns the path of the file that holds it and its key."""
    path = str(folder / "localhost.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", path + ".part"],
        check=True,
        capture_output=True,
    )
    with open(path, "a", encoding="ascii") as file:
        file.write(pathlib.Path(path + ".part").read_text(encoding="ascii"))
    return path


class TlsProxy:
    """Takes TLS off the connections to a port and passes them on to another. Ends with the process;
    close() ends its listening."""

    def __init__(self, certificate, target_port):
        self.target_port = target_port
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        """Passes a request on, then its answer, until one side closes the connection."""
        with contextlib.suppress(OSError), connection:
            with self.context.wrap_socket(connection, server_side=True) as client:
                with socket.create_connection(("127.0.0.1", self.target_port)) as server:
                    pump = threading.Thread(target=self.copy, args=(server, client), daemon=True)
                    pump.start()
                    self.copy(client, server)
                    pump.join()

    @staticmethod
    def copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class Tls(TablesTestCase):
    flags = ("--access-key", "tests", "--secret-key", "tests")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate = make_certificate(pathlib.Path(folder.name))
        self.proxy = TlsProxy(self.certificate, self.server.port)
        self.addCleanup(self.proxy.close)

    def test_tables(self):
        self.check_all_pass(
            "Endpoint/query.*:Endpoint/values.*",
            at_least=200,
            PAGETURNER_TEST_ENDPOINT=f"https://localhost:{self.proxy.port}",
            SSL_CERT_FILE=self.certificate,
        )

    def test_certificates_are_checked(self):
        for host, trusted, reason in (
            ("localhost", os.devnull, "self-signed certificate"),
            ("127.0.0.1", self.certificate, "mismatch"),
        ):
            with self.subTest(host):
                exit_code, output = self.run_at_server(
                    "Endpoint/get_item.a_whole_item",
                    PAGETURNER_TEST_ENDPOINT=f"https://{host}:{self.proxy.port}",
                    SSL_CERT_FILE=trusted,
                )
                self.assertEqual(exit_code, 1, output)
                self.assertIn(reason, output)


@unittest.skipUnless(API_TESTS.exists(), "there are no API tests beside the binary")
class ACaseAlone(unittest.TestCase):
    def test_order_does_not_matter(self):
        """In another order each case comes alone or behind others than those it stands behind."""
        exit_code, output = run_tables("InProcess/*", "--gtest_shuffle")
        self.assertEqual(exit_code, 0, output)
        self.assertGreaterEqual(count_passed(output), 2700)


if __name__ == "__main__":
    unittest.main()

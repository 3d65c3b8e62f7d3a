"""Clients reach the server at whatever address "localhost" is to them.

Many systems resolve it to 127.0.0.1 and ::1, and a client may try one of both alone. So by default
the server listens on both, and --host takes a list.
"""

import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import other_network
from raw_http import Connection, operation_request
from server_process import BINARY, IS_STAND_IN, ServerProcess, has_ipv6, run_server

LOOPBACK = ("127.0.0.1", "::1")

# Fetches argv[1] as on a machine that resolves its host to either address.
FETCH = """
const dns = require("node:dns");
(async () => {
  for (const address of ["127.0.0.1", "::1"]) {
    const found = { address, family: address === "::1" ? 6 : 4 };
    dns.lookup = (_, options, done) =>
      options.all ? done(null, [found]) : done(null, found.address, found.family);
    const answer = await fetch(process.argv[1], { headers: { connection: "close" } });
    console.log(address, answer.status);
  }
})();
"""


def answers(host, port):
    """Whether a server answers there. Fails where there is one, but another than ours."""
    try:
        with Connection(port, host=host) as connection:
            answer = connection.call(operation_request("ListTables", b"{}"))
    except ConnectionRefusedError:
        return False
    if answer.body != b'{"TableNames":[]}':
        raise AssertionError(answer)
    return True


def listen(host, port):
    """Returns a socket of this process that listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def free_port():
    """Returns a port that is free on all loopback addresses."""
    while True:
        with listen("127.0.0.1", 0) as first:
            port = first.getsockname()[1]
            try:
                listen("::1", port).close()
            except OSError:
                continue
        return port


@unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
class Localhost(unittest.TestCase):
    def start(self, *address):
        server = ServerProcess(address=address)
        self.addCleanup(lambda: self.assertEqual(server.stop(), (0, "", "")))
        return server

    def test_both_addresses(self):
        """By default both answer, at a port of one's choice and at one that is picked."""
        for flags in (
            ("--port", "0"),
            ("--port", str(free_port())),
            ("--port", "0", "--host", "localhost"),
        ):
            with self.subTest(flags=flags):
                server = self.start(*flags)
                self.assertIn(f" listens on http://localhost:{server.port}\n", server.first_line)
                self.assertEqual(
                    server.hint,
                    "Try: aws dynamodb list-tables --endpoint-url "
                    f"http://localhost:{server.port}\n",
                )
                for host in LOOPBACK:
                    self.assertTrue(answers(host, server.port), host)
                # Not on all addresses of the machine: others must not reach it.
                self.assertFalse(answers("127.0.0.2", server.port))

    def test_curl(self):
        """curl reaches localhost over either family."""
        server = self.start("--port", "0")
        for family in (["-4"], ["-6"], []):
            with self.subTest(family=family):
                ended = subprocess.run(
                    ["curl", "--noproxy", "*", "-sS", *family, f"http://localhost:{server.port}/"],
                    capture_output=True,
                    text=True,
                    timeout=20,
                    check=False,
                )
                self.assertEqual((ended.returncode, ended.stderr), (0, ""))
                self.assertIn("healthy", ended.stdout)

    @unittest.skipIf(shutil.which("node") is None, "there is no Node.js")
    def test_node(self):
        """fetch() of Node.js takes the first address of localhost that the system names."""
        server = self.start("--port", "0")
        ended = subprocess.run(
            ["node", "-e", FETCH, f"http://localhost:{server.port}/"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(
            (ended.returncode, ended.stdout), (0, "127.0.0.1 200\n::1 200\n"), ended.stderr
        )

    def test_lists(self):
        """The server answers on all addresses of a list, and no other. The first line has them."""
        for hosts, answering, first_line, hint in (
            ("127.0.0.1", ["127.0.0.1"], "127.0.0.1", "127.0.0.1"),
            ("::1", ["::1"], "[::1]", "[::1]"),
            ("::1,127.0.0.2", ["::1", "127.0.0.2"], "[::1] 127.0.0.2", "[::1]"),
            ("127.0.0.1, 127.0.0.1,", ["127.0.0.1"], "127.0.0.1", "127.0.0.1"),
            (
                "127.0.0.2,localhost",
                ["127.0.0.1", "127.0.0.2", "::1"],
                "127.0.0.2 localhost",
                "127.0.0.2",
            ),
            ("0.0.0.0", ["127.0.0.1", "127.0.0.2"], "0.0.0.0", "localhost"),
            ("::", ["127.0.0.1", "127.0.0.2", "::1"], "[::]", "localhost"),
            ("0.0.0.0,::", ["127.0.0.1", "127.0.0.2", "::1"], "0.0.0.0 [::]", "localhost"),
            ("::,0.0.0.0", ["127.0.0.1", "127.0.0.2", "::1"], "[::] 0.0.0.0", "localhost"),
            ("::,127.0.0.1", ["127.0.0.1", "::1"], "[::] 127.0.0.1", "localhost"),
            (
                "0.0.0.0,localhost",
                ["127.0.0.1", "127.0.0.2", "::1"],
                "0.0.0.0 localhost",
                "localhost",
            ),
        ):
            with self.subTest(hosts=hosts):
                server = self.start("--port", "0", "--host", hosts)
                urls = ",".join(f"http://{host}:{server.port}" for host in first_line.split())
                self.assertTrue(server.first_line.endswith(f" listens on {urls}\n"), urls)
                self.assertTrue(server.hint.endswith(f" http://{hint}:{server.port}\n"), hint)
                for host in ("127.0.0.1", "127.0.0.2", "::1"):
                    self.assertEqual(answers(host, server.port), host in answering, host)

    def test_stop(self):
        """SIGTERM lets what has arrived at either address be answered, also on connections that were
        not accepted yet."""
        request = operation_request("ListTables", b"{}")
        for first, second in (LOOPBACK, LOOPBACK[::-1]):
            server = self.start("--port", "0")
            with Connection(server.port, host=first) as one, Connection(
                server.port, host=second
            ) as other:
                one.send(request)
                other.send(request)
                server.send_signal(signal.SIGTERM)
                for connection in (one, other):
                    self.assertEqual(connection.read_answer().status, 200)
                    self.assertTrue(connection.is_at_end())
            self.assertEqual(server.wait(), (0, "", ""))

    def test_port_in_use_on_one_address(self):
        """Where another process has the port on one address, a client might reach that one: the
        server does not start, and says where. It can be told to listen on the other alone."""
        for taken, free, shown in (
            ("127.0.0.1", "::1", "127.0.0.1"),
            ("::1", "127.0.0.1", "[::1]"),
        ):
            port = free_port()
            with self.subTest(taken=taken), listen(taken, port):
                ended = run_server("--port", str(port))
                self.assertEqual((ended.returncode, ended.stdout), (1, ""))
                self.assertEqual(
                    ended.stderr,
                    f"pageturner: cannot listen on {shown}:{port}: port {port} is in use\n",
                )
                self.assertTrue(answers(free, self.start("--port", str(port), "--host", free).port))


class BadHosts(unittest.TestCase):
    def test_bad_entries(self):
        """A wrong entry is named, as a mistake in the flags."""
        for hosts, named in (
            ("127.0.0.1,db.example", "'db.example'"),
            ("[::1]", "'[::1]'"),
            ("127.0.0.1:8010", "'127.0.0.1:8010'"),
            ("127.0.0.1;::1", "'127.0.0.1;::1'"),
            (",", "no address"),
        ):
            with self.subTest(hosts=hosts):
                ended = run_server("--port", "0", "--host", hosts)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertRegex(
                    ended.stderr,
                    rf"\Apageturner: bad --host [^\n]*: [^\n]*{re.escape(named)}[^\n]*\n\Z",
                )

    def test_address_of_another_machine(self):
        """An address that is listed and not there is an error, also beside others."""
        for hosts in ("203.0.113.1", "localhost,203.0.113.1"):
            with self.subTest(hosts=hosts):
                ended = run_server("--port", "0", "--host", hosts)
                self.assertEqual((ended.returncode, ended.stdout), (1, ""))
                self.assertRegex(
                    ended.stderr, r"\Apageturner: cannot listen on 203\.0\.113\.1:\d+: [^\n]+\n\Z"
                )


@unittest.skipIf(IS_STAND_IN, "the binary is a script, as in docker/test")
class OtherNetworks(unittest.TestCase):
    def on(self, kind, *, in_namespace):
        """Returns the command that runs a command on a network of this kind."""
        namespace = other_network.in_namespace() if in_namespace else ()
        if namespace is None:
            self.skipTest("network namespaces are not allowed here")
        return [*namespace, sys.executable, other_network.__file__, kind]

    def check_without_ipv6(self, wrapper):
        """localhost and all addresses are what there is; an address that is listed has to be there."""
        for hosts in ("localhost", "0.0.0.0,::", "localhost,127.0.0.2"):
            with self.subTest(hosts=hosts):
                server = ServerProcess(address=("--port", "0", "--host", hosts), wrapper=wrapper)
                self.assertEqual(server.stop(), (0, "", ""))
        for hosts in ("::1", "localhost,::1"):
            with self.subTest(hosts=hosts), self.assertRaisesRegex(
                RuntimeError, r"'pageturner: cannot listen on \[::1\]:\d+: [^\\]+\\n'"
            ):
                ServerProcess(address=("--port", "0", "--host", hosts), wrapper=wrapper)

    def test_kernel_without_ipv6(self):
        wrapper = self.on("without_family", in_namespace=False)
        self.check_without_ipv6(wrapper)
        server = ServerProcess(address=("--port", "0"), wrapper=wrapper)
        self.addCleanup(server.stop)
        self.assertIn(f" listens on http://localhost:{server.port}\n", server.first_line)
        self.assertTrue(answers("127.0.0.1", server.port))

    def test_ipv6_switched_off(self):
        self.check_without_ipv6(self.on("without_addresses", in_namespace=True))

    def test_picks_a_port_that_is_free_on_all_addresses(self):
        """Half of the ports are taken on ::1. Nearly each second start has to try again."""
        wrapper = self.on("with_taken_ports", in_namespace=True)
        for _ in range(10):
            server = ServerProcess(address=("--port", "0"), wrapper=wrapper)
            self.assertEqual(server.stop(), (0, "", ""))
            self.assertEqual(server.port // 2 % 2, 1)


if __name__ == "__main__":
    unittest.main()

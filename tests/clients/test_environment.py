"""Service containers take no flags: what starts them can only set variables.

So each flag that takes a value has a variable, which has to set the same, and must not get in the way
where somebody else sets it: Kubernetes has variables of such names for a service called pageturner.
"""

import json
import os
import re
import tempfile
import unittest

from raw_http import Connection, head, json_request, table_definition
from server_process import ServerProcess, has_ipv6, run_server

LISTENS = {"PAGETURNER_HOST": "127.0.0.1", "PAGETURNER_PORT": "0"}

# Documentation of Kubernetes, "Service", Environment variables; for a service "pageturner", whose port
# is called "http", and a service "pageturner-db".
KUBERNETES = {
    "PAGETURNER_SERVICE_HOST": "10.0.0.11",
    "PAGETURNER_SERVICE_PORT": "8010",
    "PAGETURNER_SERVICE_PORT_HTTP": "8010",
    "PAGETURNER_PORT": "tcp://10.0.0.11:8010",
    "PAGETURNER_PORT_8010_TCP": "tcp://10.0.0.11:8010",
    "PAGETURNER_PORT_8010_TCP_PROTO": "tcp",
    "PAGETURNER_PORT_8010_TCP_PORT": "8010",
    "PAGETURNER_PORT_8010_TCP_ADDR": "10.0.0.11",
    "PAGETURNER_DB_SERVICE_HOST": "10.0.0.12",
    "PAGETURNER_DB_SERVICE_PORT": "53",
    "PAGETURNER_DB_PORT": "udp://10.0.0.12:53",
    "PAGETURNER_DB_PORT_53_UDP": "udp://10.0.0.12:53",
    "PAGETURNER_DB_PORT_53_UDP_ADDR": "10.0.0.12",
}

# Those of the project's own tests, benchmarks and examples.
OF_TESTS = {
    "PAGETURNER_BINARY": "build/dev/pageturner",
    "PAGETURNER_ENDPOINT": "http://localhost:8010",
    "PAGETURNER_FUZZ_SECONDS": "2",
    "PAGETURNER_JOBS": "2",
    "PAGETURNER_MODEL_SEED": "1",
    "PAGETURNER_PRESET": "dev",
    "PAGETURNER_RUN_PENDING": "1",
    "PAGETURNER_TEST_ENDPOINT": "http://localhost:8010",
}


def flags_of_help():
    """Returns the flags that --help lists, but for those of DynamoDB Local, with their variables."""
    rows = re.findall(r"(?m)^  (--[a-z0-9-]+)(?: +[A-Z]+ +(\S+))?$", run_server("--help").stdout)
    return dict(rows)


def call(server, operation, parameters, **headers):
    """Calls an operation. Returns status and parsed answer."""
    with Connection(server.port) as connection:
        answer = connection.call(json_request(operation, parameters, **headers))
    return answer.status, json.loads(answer.body or "{}")


class Variables(unittest.TestCase):
    def start(self, *flags, **variables):
        server = ServerProcess(*flags, address=(), variables={**LISTENS, **variables})
        self.addCleanup(server.stop)
        return server

    def create_table(self, server):
        definition = json.loads(table_definition("made"))
        stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        return call(server, "CreateTable", {**definition, "StreamSpecification": stream})

    def test_help(self):
        """--help shows the variable of each flag that takes a value, and its name is the flag's."""
        flags = flags_of_help()
        for flag, variable in flags.items():
            expected = "PAGETURNER_" + flag.removeprefix("--").replace("-", "_").upper()
            self.assertEqual(variable, "" if flag in ("--version", "--help") else expected)
        self.assertLessEqual({"--port", "--max-memory", "--log-format"}, set(flags))

    def test_each_has_its_effect(self):
        """A server with nothing but variables does what each of them says."""
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "bucket"))
            server = self.start(
                PAGETURNER_THREADS="2",
                PAGETURNER_STREAM_SHARDS="3",
                PAGETURNER_TRANSITION_MS="60000",
                PAGETURNER_TTL_SWEEP_MS="0",
                PAGETURNER_S3_ROOT=folder,
                PAGETURNER_CORS="http://a.example,b.example",
                PAGETURNER_ALLOWED_HOSTS="db.example",
                PAGETURNER_LOG="requests",
                PAGETURNER_LOG_FORMAT="json",
            )
            self.assertIn(f" listens on http://127.0.0.1:{server.port}\n", server.first_line)
            status, made = self.create_table(server)
            self.assertEqual((status, made["TableDescription"]["TableStatus"]), (200, "CREATING"))
            arn = {"StreamArn": made["TableDescription"]["LatestStreamArn"]}
            target = {"X_Amz_Target": "DynamoDBStreams_20120810.DescribeStream"}
            _, stream = call(server, "DescribeStream", arn, **target)
            self.assertEqual(len(stream["StreamDescription"]["Shards"]), 3)
            with Connection(server.port) as connection:
                for host, origin, allowed in (
                    ("localhost", "https://b.example", True),
                    ("localhost", "http://c.example", False),
                    ("db.example", "https://b.example", True),
                    ("other.example", "https://b.example", False),
                ):
                    answer = connection.call(head({"Host": host, "Origin": origin}, method="GET"))
                    self.assertEqual("access-control-allow-origin" in answer.headers, allowed)
            exit_code, output, errors = server.stop()
            self.assertEqual((exit_code, errors.count("\n")), (0, 2))
            self.assertEqual(json.loads(output.splitlines()[0])["operation"], "CreateTable")

    def test_max_memory(self):
        server = self.start(PAGETURNER_MAX_MEMORY="64k")
        self.assertEqual(self.create_table(server)[0], 200)
        large = {"TableName": "made", "Item": {"id": {"S": "a"}, "x": {"S": "x" * 100_000}}}
        status, refused = call(server, "PutItem", large)
        self.assertEqual(status, 400)
        self.assertIn("ItemCollectionSizeLimitExceededException", refused["__type"])

    def test_access_keys(self):
        """A server with a key, or a file of keys, takes no request that is not signed with one."""
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
            file.write("[default]\naws_access_key_id=a\naws_secret_access_key=s\n")
            file.flush()
            os.chmod(file.name, 0o644)
            for variables in (
                {"PAGETURNER_ACCESS_KEY": "a", "PAGETURNER_SECRET_KEY": "s"},
                {"PAGETURNER_CREDENTIALS_FILE": file.name},
            ):
                with self.subTest(variables=variables):
                    status, refused = call(self.start(**variables), "ListTables", {})
                    self.assertEqual(status, 400)
                    self.assertIn("InvalidSignatureException", refused["__type"])
        # The flag of one half, the variable of the other: the secret is not to be seen.
        half = self.start("--access-key", "a", PAGETURNER_SECRET_KEY="s")
        self.assertEqual(call(half, "ListTables", {})[0], 400)

    def test_bad_values(self):
        """A bad value is a usage error that names its variable. No secret is printed."""
        bad = {
            "PAGETURNER_PORT": ["eighty", "65536", "8010 ", "tcp:8010"],
            "PAGETURNER_HOST": ["db.example", "127.0.0.1,x"],
            "PAGETURNER_THREADS": ["0", "1025"],
            "PAGETURNER_MAX_MEMORY": ["1gb", "tcp://10.0.0.11:8010"],
            "PAGETURNER_STREAM_SHARDS": ["0"],
            "PAGETURNER_TRANSITION_MS": ["-1", "a\nb"],
            "PAGETURNER_TTL_SWEEP_MS": ["1s"],
            "PAGETURNER_S3_ROOT": ["/no/such/folder"],
            "PAGETURNER_ACCESS_KEY": ["a/b", "without-secret"],
            "PAGETURNER_SECRET_KEY": ["s3cret"],  # without its key
            "PAGETURNER_CREDENTIALS_FILE": ["/no/such/file", "/dev/null"],
            "PAGETURNER_CORS": [" , "],
            "PAGETURNER_ALLOWED_HOSTS": [","],
            "PAGETURNER_LOG": ["all"],
            "PAGETURNER_LOG_FORMAT": ["xml"],
        }
        self.assertEqual(set(bad), set(flags_of_help().values()) - {""})
        for variable, values in bad.items():
            for value in values:
                for command in ((), ("health",)):
                    with self.subTest(variable=variable, value=value, command=command):
                        ended = run_server(*command, **{**LISTENS, variable: value})
                        self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                        self.assertRegex(
                            ended.stderr, rf"\Apageturner: (bad )?{variable}\b[^\n]*\n\Z"
                        )
                        self.assertNotIn("s3cret", ended.stderr)

    def test_flags_win(self):
        """A flag wins over its variable, whatever that is; so does one of DynamoDB Local."""
        server = self.start("--port", "0", "--host", "127.0.0.2", PAGETURNER_PORT="x")
        self.assertIn(" http://127.0.0.2:", server.first_line)
        for flags, variables, status in (
            (["--transition-ms", "0"], {"PAGETURNER_TRANSITION_MS": "60000"}, "ACTIVE"),
            (["--transition-ms", "60000"], {"PAGETURNER_TRANSITION_MS": "x"}, "CREATING"),
            (["-delayTransientStatuses"], {"PAGETURNER_TRANSITION_MS": "0"}, "CREATING"),
            (["-port", "0"], {"PAGETURNER_PORT": "1"}, "ACTIVE"),
            (["-cors", "a.example"], {"PAGETURNER_CORS": " , "}, "ACTIVE"),
        ):
            with self.subTest(flags=flags):
                server = self.start(*flags, **variables)
                _, made = self.create_table(server)
                self.assertEqual(made["TableDescription"]["TableStatus"], status)
                self.assertEqual(server.stop(), (0, "", ""))

    def test_empty_variables(self):
        """An empty variable is not set: Docker Compose passes on those that are not set as such."""
        empty = {variable: "" for variable in flags_of_help().values() if variable}
        server = self.start("--port", "0", **empty, PAGETURNER_NO_SUCH_SETTING="")
        localhost = "localhost" if has_ipv6() else "127.0.0.1"
        self.assertIn(f" listens on http://{localhost}:{server.port}\n", server.first_line)
        self.assertEqual(self.create_table(server)[0], 200)
        self.assertEqual(server.stop(), (0, "", ""))

    def test_port_of_dynamodb_local(self):
        """Its flags stand for its port 8000 only where no variable says which."""
        server = self.start("-inMemory")
        self.assertNotEqual(server.port, 8000)
        self.assertEqual(server.stop(), (0, "", ""))

    def test_help_and_version_do_not_look(self):
        """They help where something is wrong, and print nothing else."""
        for flag in ("--help", "--version"):
            ended = run_server(flag, PAGETURNER_PORT="x", PAGETURNER_NO_SUCH_SETTING="1")
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertEqual(ended.stdout, run_server(flag).stdout)

    def test_health(self):
        """`pageturner health` reads the variables of the server that it asks, and warns of none."""
        for host in ["127.0.0.2", "0.0.0.0"] + (["::1", "0.0.0.0,::"] if has_ipv6() else []):
            with self.subTest(host=host):
                server = self.start(PAGETURNER_HOST=host)
                variables = {"PAGETURNER_HOST": host, "PAGETURNER_PORT": str(server.port)}
                ended = run_server("health", **variables, PAGETURNER_NO_SUCH_SETTING="1")
                self.assertEqual((ended.returncode, ended.stderr), (0, ""))
                self.assertIn(f":{server.port} is healthy", ended.stdout)
                other = run_server("health", "--port", "1", **variables)
                self.assertEqual((other.returncode, other.stdout), (1, ""))
                self.assertEqual(server.stop(), (0, "", ""))


class UnknownVariables(unittest.TestCase):
    def warnings(self, variables):
        """Returns the warnings of a server with these variables, which it starts with all the same."""
        server = ServerProcess(variables=variables)
        exit_code, output, errors = server.stop()
        self.assertEqual((exit_code, output), (0, ""))
        self.assertTrue(all(line.startswith("pageturner: ") for line in errors.splitlines()))
        return errors.splitlines()

    def test_nearest(self):
        """A mistake in a name gets one line with the nearest name, and without the value."""
        for name, nearest in (
            ("MAX_MEMROY", "MAX_MEMORY"),
            ("MAXMEMORY", "MAX_MEMORY"),
            ("MEMORY", "MAX_MEMORY"),
            ("PRT", "PORT"),
            ("port", "PORT"),
            ("HOSTS", "HOST"),
            ("HOSTNAME", "HOST"),
            ("STREAM_SHARD", "STREAM_SHARDS"),
            ("TTL_SWEEP", "TTL_SWEEP_MS"),
            ("TRANSITION", "TRANSITION_MS"),
            ("SECRET_ACCESS_KEY", "SECRET_KEY"),
            ("ACCESS_KEY_ID", "ACCESS_KEY"),
            ("CREDENTIALS", "CREDENTIALS_FILE"),
            ("S3ROOT", "S3_ROOT"),
            ("LOGFORMAT", "LOG_FORMAT"),
            ("LOGS", "LOG"),
            ("DATABASE_PATH", None),
            ("REGION", None),
            ("VERSION", None),
            ("", None),
        ):
            with self.subTest(name=name):
                (line,) = self.warnings({f"PAGETURNER_{name}": "v4lue"})
                self.assertIn(f"'PAGETURNER_{name}' is ignored", line)
                self.assertTrue(
                    line.endswith(
                        f" PAGETURNER_{nearest}" if nearest else "--help lists the known ones"
                    ),
                    line,
                )
                self.assertNotIn("v4lue", line)

    def test_each_has_its_line(self):
        lines = self.warnings({"PAGETURNER_A_B_C_D": "1", "PAGETURNER_HTTPS_PROXY_URL": "2"})
        self.assertEqual(len(lines), 2)

    def test_variables_of_others(self):
        """What others set under such names is ignored without a word, here and by its value."""
        self.assertEqual(self.warnings(KUBERNETES), [])
        self.assertEqual(self.warnings(OF_TESTS), [])
        self.assertEqual(self.warnings({"PAGETURNER": "1", "XPAGETURNER_PORT": "1"}), [])

    def test_port_of_kubernetes(self):
        """PAGETURNER_PORT=tcp://… says no port: the default ones stay, and health finds them."""
        for flags, port in (([], 8010), (["-inMemory"], 8000)):
            ended = run_server("--host", "203.0.113.1", *flags, **KUBERNETES)
            self.assertEqual((ended.returncode, ended.stdout), (1, ""))
            self.assertIn(f"cannot listen on 203.0.113.1:{port}: ", ended.stderr)


if __name__ == "__main__":
    unittest.main()

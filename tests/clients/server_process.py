"""Starts and stops the server as a separate process, for all test files of this folder.

Clients depend on the process, its flags and its signals as much as on the responses.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import unittest

import boto3
from botocore.config import Config

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "tests/support"))

from listening_process import ListeningProcess, find_listener, memory_bytes  # noqa: E402

BINARY = os.environ.get("PAGETURNER_BINARY", str(REPOSITORY / "build/release/pageturner"))
# Whether each start of the server is a container that a script starts.
IS_STAND_IN = pathlib.Path(BINARY).read_bytes()[:2] == b"#!"


def find_aws_cli():
    """Returns the path of the AWS CLI: the system's if it is installed, otherwise from PATH."""
    chosen = os.environ.get("AWS_CLI")
    if chosen is None:
        chosen = shutil.which("aws", path="/usr/bin") or shutil.which("aws")
    if chosen is None:
        raise RuntimeError("the AWS CLI is not installed; AWS_CLI may hold its path")
    return chosen


def client_environment(**changes):
    """Returns the environment of a client process, with invented keys and without retries.

    A retry could hide a wrong response.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }
    environment.update(
        AWS_ACCESS_KEY_ID="tests",
        AWS_SECRET_ACCESS_KEY="tests",
        AWS_REGION="us-east-1",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_RETRY_MODE="standard",
        AWS_MAX_ATTEMPTS="1",
        AWS_PAGER="",
        NO_PROXY="*",
    )
    environment.update(changes)
    return environment


def server_environment(**variables):
    """Returns the environment of a server: of the server's variables it has `variables` alone.

    The user's own must not reach the tests.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PAGETURNER_")
    }
    environment.update(variables)
    return environment


def run_server(*flags, **variables):
    """Runs the server with these flags and variables, for a call that ends by itself."""
    return subprocess.run(
        [BINARY, *flags],
        env=server_environment(**variables),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def has_ipv6():
    """Whether this machine has IPv6 on its loopback device. Many containers have none."""
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


class ServerProcess(ListeningProcess):
    """A running server, and the two lines that it prints when it listens.

    `address` chooses where it listens, by whatever flags; a free port otherwise. `variables` are
    added to its environment. `wrapper` is a command that runs the command behind it.
    """

    def __init__(
        self, *flags, address=("--host", "127.0.0.1", "--port", "0"), variables=None, wrapper=()
    ):
        super().__init__(
            *wrapper,
            BINARY,
            *address,
            *flags,
            env=server_environment(**(variables or {})),
            stderr=subprocess.PIPE,
        )
        self.hint = self.process.stdout.readline()
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def resident_bytes(self):
        """Returns the resident memory of the server. In docker/test the started process is not the
        server, so the process that listens on the port is measured."""
        return memory_bytes(find_listener(self.port))

    def send_signal(self, number):
        self.process.send_signal(number)


def settings(endpoint, region="us-east-1", access_key="tests"):
    """Returns the arguments of a boto3 client or resource for the endpoint."""
    return {
        "endpoint_url": endpoint,
        "region_name": region,
        "aws_access_key_id": access_key,
        "aws_secret_access_key": "tests",
        "config": Config(
            proxies={}, retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=20
        ),
    }


class ServerTestCase(unittest.TestCase):
    """A test case with one server for all its tests, which use different table names.

    At the end it checks that the server is still running, has printed nothing more and exits with
    0.
    """

    flags = ()  # of the server, in addition to its address

    @classmethod
    def setUpClass(cls):
        cls.server = ServerProcess(*cls.flags)
        cls.addClassCleanup(cls.stop_server)
        cls.session = boto3.session.Session()

    @classmethod
    def stop_server(cls):
        exit_code, output, errors = cls.server.stop()
        if (exit_code, output, errors) != (0, "", ""):
            raise AssertionError(
                f"the server ended with {exit_code}, printed {output!r} and {errors!r}"
            )

    @classmethod
    def client(cls, **changes):
        """Returns a client that is closed after the tests of the class."""
        client = cls.session.client("dynamodb", **settings(cls.server.endpoint, **changes))
        cls.addClassCleanup(client.close)
        return client

    @classmethod
    def resource(cls, **changes):
        """Returns a resource that is closed after the tests of the class."""
        resource = cls.session.resource("dynamodb", **settings(cls.server.endpoint, **changes))
        cls.addClassCleanup(resource.meta.client.close)
        return resource

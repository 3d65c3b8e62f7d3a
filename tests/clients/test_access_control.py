"""With access keys the server accepts only signed requests, and reports the error of all others.

The signatures are made by boto3 and the AWS CLI. The expected responses were observed on the
service (tests/unit/signature_v4_test.cpp has their sources).
"""

import datetime
import gzip
import hashlib
import json
import pathlib
import subprocess
import tempfile
import unittest
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials
from botocore.exceptions import ClientError

from raw_http import Connection, head, operation_headers, operation_request
from server_process import (
    ServerProcess,
    ServerTestCase,
    client_environment,
    find_aws_cli,
    run_server,
    settings,
)
from tables import definition

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
# The block size of the hash is 64 bytes.
OTHER_KEY, OTHER_SECRET = "second", "its own secret, which is longer than that; " * 2 + "twice"
TEMPORARY_KEY, TEMPORARY_SECRET, TOKEN = "ASIATEMPORARY", "short-lived", "token/+="

CREDENTIALS_FILE = f"""\
# of these tests
[default]
aws_access_key_id = {OTHER_KEY}
aws_secret_access_key = {OTHER_SECRET}
region = eu-west-1

[temporary]
aws_access_key_id={TEMPORARY_KEY}
aws_secret_access_key={TEMPORARY_SECRET}
aws_session_token={TOKEN}
"""

INVALID_TOKEN = "The security token included in the request is invalid"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.\n\n"
    "The Canonical String for this request should have been\n'POST\n/\n\n"
)


class LockedTestCase(ServerTestCase):
    """A test case with a server that has three keys: one from its flags, two from a file."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "credentials"
        file.write_text(CREDENTIALS_FILE)
        cls.flags = ("--access-key", KEY, "--secret-key", SECRET, "--credentials-file", str(file))
        super().setUpClass()

    @classmethod
    def client_with(cls, key, secret, token=None, region="us-east-1"):
        arguments = settings(cls.server.endpoint, region=region, access_key=key)
        arguments.update(aws_secret_access_key=secret, aws_session_token=token)
        client = cls.session.client("dynamodb", **arguments)
        cls.addClassCleanup(client.close)
        return client

    def check_error(self, code, message, call, **arguments):
        """Checks that the call fails with the code, a message that starts with `message`, and
        400."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response
        self.assertEqual(error["Error"]["Code"], code)
        self.assertEqual(error["Error"]["Message"][: len(message)], message)
        self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 400)


class Boto3(LockedTestCase):
    def test_every_key_is_accepted(self):
        """All keys see the same tables, for any request and any region."""
        first = self.client_with(KEY, SECRET)
        first.create_table(**definition("shared"))
        text = "ä € 𝄞 " * 40_000  # a large body with non-ASCII characters
        first.put_item(TableName="shared", Item={"id": {"S": "a"}, "text": {"S": text[:90_000]}})
        for key, secret, token in (
            (OTHER_KEY, OTHER_SECRET, None),
            (TEMPORARY_KEY, TEMPORARY_SECRET, TOKEN),
        ):
            client = self.client_with(key, secret, token, region="eu-central-1")
            item = client.get_item(TableName="shared", Key={"id": {"S": "a"}})["Item"]
            self.assertEqual(item["text"]["S"], text[:90_000])

    def test_unknown_key(self):
        client = self.client_with("AKIAUNKNOWN", SECRET)
        self.check_error("UnrecognizedClientException", INVALID_TOKEN + ".", client.list_tables)

    def test_wrong_secret(self):
        """The response shows the string that should have been signed, to find errors of signers."""
        for key, secret in ((KEY, SECRET + "x"), (KEY, OTHER_SECRET), (OTHER_KEY, SECRET)):
            client = self.client_with(key, secret)
            self.check_error("InvalidSignatureException", MISMATCH, client.list_tables)

    def test_tokens(self):
        """A permanent key must have no session token, and a temporary key must have its own."""
        for key, secret, token in (
            (KEY, SECRET, "bogus"),
            (TEMPORARY_KEY, TEMPORARY_SECRET, None),
            (TEMPORARY_KEY, TEMPORARY_SECRET, TOKEN + "="),
        ):
            client = self.client_with(key, secret, token)
            self.check_error("UnrecognizedClientException", INVALID_TOKEN, client.list_tables)

    def test_streams(self):
        """Requests to Streams are also signed for the service 'dynamodb'."""
        arguments = settings(self.server.endpoint, access_key=KEY)
        arguments["aws_secret_access_key"] = SECRET
        client = self.session.client("dynamodbstreams", **arguments)
        self.addCleanup(client.close)
        self.assertEqual(client.list_streams()["Streams"], [])


def clock_at(time):
    """Sets the time that botocore signs with; its versions read the time in two ways."""
    if hasattr(botocore.auth, "get_current_datetime"):
        return mock.patch("botocore.auth.get_current_datetime", return_value=time)
    clock = mock.Mock(wraps=datetime)
    clock.datetime.utcnow.return_value = time
    return mock.patch("botocore.auth.datetime", clock)


class Requests(LockedTestCase):
    """Requests that current clients do not send by themselves, signed by botocore, sent
    unchanged."""

    def sign(self, signer, body=b"{}", path="/", region="us-east-1", service="dynamodb", **headers):
        """Returns the path and the headers of a signed request."""
        request = botocore.awsrequest.AWSRequest(
            "POST",
            self.server.endpoint + path,
            data=body,
            headers={
                "X-Amz-Target": "DynamoDB_20120810.ListTables",
                "Content-Type": "application/x-amz-json-1.0",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        credentials = botocore.credentials.Credentials(KEY, SECRET)
        signer(credentials, service, region).add_auth(request)
        signed = {"Host": f"127.0.0.1:{self.server.port}", **dict(request.headers.items())}
        return request.url.removeprefix(self.server.endpoint), signed

    def send(self, path, headers, body=b"{}"):
        """Returns the status and the decoded body of the response."""
        with Connection(self.server.port) as connection:
            headers = {**headers, "Content-Length": len(body)}
            answer = connection.call(head(headers, path=path) + body)
        return answer.status, json.loads(answer.body)

    def check_refused(self, name, message, path, headers, body=b"{}"):
        status, answer = self.send(path, headers, body)
        self.assertEqual(status, 400)
        self.assertEqual(answer["__type"], "com.amazon.coral.service#" + name)
        self.assertEqual(answer["message"][: len(message)], message)

    def test_changed_requests(self):
        """Signed parts cannot be changed: body, query string, target."""
        path, headers = self.sign(botocore.auth.SigV4Auth, path="/?b=%20&a=%2F&a")
        self.assertEqual(self.send(path, headers)[0], 200)
        refused = ("InvalidSignatureException", MISMATCH[: MISMATCH.index("'POST")])
        self.check_refused(*refused, path, headers, b'{"Limit":1}')
        self.check_refused(*refused, path + "&c", headers)
        self.check_refused(*refused, "/x" + path, headers)
        other_target = {**headers, "X-Amz-Target": "DynamoDB_20120810.DescribeEndpoints"}
        self.check_refused(*refused, path, other_target)
        # Unsigned parts can be changed.
        self.assertEqual(self.send(path, {**headers, "User-Agent": "another"})[0], 200)

    def test_clocks(self):
        """A client whose clock is wrong by more than 15 minutes gets both times in the error."""
        for minutes, message in (
            (-16, "Signature expired: "),
            (16, "Signature not yet current: "),
            (-14, None),
            (14, None),
        ):
            time = datetime.datetime.now(datetime.timezone.utc)
            time += datetime.timedelta(minutes=minutes)
            with self.subTest(minutes=minutes):
                with clock_at(time):
                    signed = self.sign(botocore.auth.SigV4Auth)
                if message is None:
                    self.assertEqual(self.send(*signed)[0], 200)
                else:
                    message += time.strftime("%Y%m%dT%H%M%SZ is ")
                    self.check_refused("InvalidSignatureException", message, *signed)

    def test_scopes(self):
        """A signature is valid for one region, service and day."""
        for arguments, message in (
            ({"service": "s3"}, "Credential should be scoped to correct service: 'dynamodb'. "),
            ({"region": ""}, "Credential should be scoped to a valid region, not ''. "),
        ):
            signed = self.sign(botocore.auth.SigV4Auth, **arguments)
            self.check_refused("InvalidSignatureException", message, *signed)

    def test_header_spellings(self):
        """Header names in any case, values with spaces, and a repeated header."""
        path, headers = self.sign(botocore.auth.SigV4Auth, x_other="a b,c")
        headers.pop("X-Other", None)
        headers.pop("x-other", None)
        lines = {**headers, "X-OTHER": "  a \t b ", "x-Other": "c  "}
        self.assertEqual(self.send(path, lines)[0], 200)

    def test_unsigned_payload(self):
        """A client may exclude the body from the signature."""
        path, headers = self.sign(
            botocore.auth.SigV4Auth, X_Amz_Content_SHA256="UNSIGNED-PAYLOAD"
        )
        self.assertEqual(self.send(path, headers)[0], 200)
        self.assertEqual(self.send(path, headers, b'{"Limit":1}')[0], 200)
        del headers["X-Amz-Content-SHA256"]
        self.check_refused("InvalidSignatureException", MISMATCH[:20], path, headers)

    def test_compressed_payload(self):
        """The signature covers the compressed body, as sent."""

        compressed = []

        def compress(request, **_):
            request.data = gzip.compress(request.body)
            request.headers["Content-Encoding"] = "gzip"
            compressed.append(request.data)

        client = self.client_with(KEY, SECRET)
        client.meta.events.register("before-sign.dynamodb.ListTables", compress)
        self.assertEqual(client.list_tables(Limit=1)["ResponseMetadata"]["HTTPStatusCode"], 200)
        self.assertEqual(len(compressed), 1)

    def test_presigned(self):
        """The signature may be in the query string, and expires after the time it states."""

        def signer(*arguments):
            return botocore.auth.SigV4QueryAuth(*arguments, expires=60)

        payload = {"X_Amz_Content_SHA256": "UNSIGNED-PAYLOAD"}
        path, headers = self.sign(signer, body=b"", **payload)
        self.assertIn("X-Amz-Signature=", path)
        self.assertEqual(self.send(path, headers)[0], 200)
        longer = path.replace("Expires=60", "Expires=61")
        self.check_refused("InvalidSignatureException", MISMATCH[:20], longer, headers)
        hour_ago = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
        with clock_at(hour_ago):
            path, headers = self.sign(signer, body=b"", **payload)
        self.check_refused("InvalidSignatureException", "Signature expired: ", path, headers)

        def long_signer(*arguments):
            return botocore.auth.SigV4QueryAuth(*arguments, expires=7200)

        with clock_at(hour_ago):
            path, headers = self.sign(long_signer, body=b"", **payload)
        self.assertEqual(self.send(path, headers)[0], 200)

    def test_presigned_for_one_request(self):
        """A presigned URL is valid for the operation and the body that it was made for."""

        class Signer(botocore.auth.SigV4QueryAuth):
            def payload(self, request):  # botocore would move the body into the URL
                return hashlib.sha256(b"{}").hexdigest()

        path, headers = self.sign(Signer, body=b"")
        self.assertEqual(self.send(path, headers)[0], 200)
        self.check_refused("InvalidSignatureException", MISMATCH[:20], path, headers, b'{"Limit":1}')
        other_target = {**headers, "X-Amz-Target": "DynamoDB_20120810.DescribeEndpoints"}
        self.check_refused("InvalidSignatureException", MISMATCH[:20], path, other_target)
        unsigned = {**headers, "X-Amz-Other": "1"}
        message = "'X-Amz-Other' must be a 'SignedHeader' in the AWS Authorization."
        self.check_refused("InvalidSignatureException", message, path, unsigned)

    def test_without_a_signature(self):
        """Unsigned requests are rejected, and the error shows nothing about tables."""
        headers = operation_headers("ListTables", Host=f"127.0.0.1:{self.server.port}")
        self.check_refused(
            "MissingAuthenticationTokenException",
            "Request is missing Authentication Token",
            "/",
            {**headers, "Authorization": None},
        )
        self.check_refused(
            "IncompleteSignatureException",
            "Authorization header requires 'Signature' parameter. ",
            "/",
            {
                **headers,
                "Authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host",
            },
        )
        with Connection(self.server.port) as connection:
            answer = connection.call(operation_request("ListTables", b"{}"))
        self.assertEqual(answer.status, 400)
        self.assertIn(b"Signature expired: 20260101T000000Z", answer.body)

    def test_health(self):
        """The health check needs no signature."""
        with Connection(self.server.port) as connection:
            answer = connection.call(head({"Host": "a"}, method="GET"))
        self.assertEqual(answer.status, 200)


class CommandLine(LockedTestCase):
    def test_right_and_wrong_keys(self):
        """The AWS CLI succeeds with a key, and prints the service's error message without one."""
        for key, secret, exit_code, printed in (
            (KEY, SECRET, 0, ""),
            (
                "nobody",
                SECRET,
                254,
                "(UnrecognizedClientException) when calling the ListTables operation: The security "
                "token included in the request is invalid.",
            ),
            (
                KEY,
                "wrong",
                254,
                "(InvalidSignatureException) when calling the ListTables operation: The request "
                "signature we calculated does not match the signature you provided.",
            ),
        ):
            ended = subprocess.run(
                [find_aws_cli(), "--endpoint-url", self.server.endpoint, "dynamodb", "list-tables"],
                # The CLI may retry and would print that; the error must not cause a retry.
                env=client_environment(
                    AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_MAX_ATTEMPTS="3"
                ),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            with self.subTest(key=key, secret=secret):
                self.assertEqual(ended.returncode, exit_code, ended.stderr)
                self.assertIn(printed, ended.stderr)


class Flags(unittest.TestCase):
    def test_half_a_key(self):
        """Half a key must not leave the door open: one line, and exit code 2."""
        for flags, variables, named in (
            (["--access-key", "A"], {}, "access key 'A' without its secret key"),
            (["--secret-key", "s3cret"], {}, "a secret key without its access key"),
            (
                [],
                {"PAGETURNER_SECRET_KEY": "s3cret"},
                "PAGETURNER_SECRET_KEY: a secret key without its access key",
            ),
            (["--access-key", "A"], {"PAGETURNER_SECRET_KEY": ""}, "without its secret key"),
            (["--access-key", ""], {}, "--access-key"),
            (["--access-key", "a/b", "--secret-key", "s3cret"], {}, "slashes"),
            (["--credentials-file", "/no/such"], {}, "'/no/such': No such file or directory"),
            (["--credentials-file", "/dev/null"], {}, "'/dev/null': it holds no access key"),
            (["--credentials-file", "/tmp"], {}, "'/tmp': is a directory"),
            ([], {"PAGETURNER_CREDENTIALS_FILE": "/no/such"}, "_CREDENTIALS_FILE '/no/such'"),
        ):
            with self.subTest(flags=flags, variables=variables):
                ended = run_server("--port", "0", *flags, **variables)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertRegex(ended.stderr, r"\Apageturner: [^\n]+\n\Z")
                self.assertIn(named, ended.stderr)
                self.assertNotIn("s3cret", ended.stderr)

    def status_of_unsigned_request(self, variables):
        """Returns the status that a server with these environment variables answers."""
        server = ServerProcess(variables=variables)
        try:
            with Connection(server.port) as connection:
                return connection.call(operation_request("ListTables", b"{}")).status
        finally:
            server.stop()

    def test_environment(self):
        """Keys in the environment are not seen by other users, as flags are."""
        variables = {"PAGETURNER_ACCESS_KEY": KEY, "PAGETURNER_SECRET_KEY": SECRET}
        self.assertEqual(self.status_of_unsigned_request(variables), 400)

    def test_keys_of_clients_close_nothing(self):
        """AWS_ACCESS_KEY_ID is set on many machines: it is that of clients, not of this server."""
        variables = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
        self.assertEqual(self.status_of_unsigned_request(variables), 200)


if __name__ == "__main__":
    unittest.main()

"""Proxies, browsers, health checks and different SDKs connect to the server.

So the tests check HTTP as bytes on a socket. Responses called "recorded" are those of the live
service as the public test suite of dynalite expects them (its test/connection.js).
"""

import email.utils
import gzip
import json
import time
import unittest
import zlib

from raw_http import (
    AUTHORIZATION,
    Connection,
    chunk,
    head,
    operation_headers,
    operation_request,
    table_definition,
)
from server_process import ServerTestCase

BODY_SIZE_BYTES_MAX = 16 * 1024 * 1024
UNKNOWN_OPERATION = {"__type": "com.amazon.coral.service#UnknownOperationException"}
SERIALIZATION = {"__type": "com.amazon.coral.service#SerializationException"}


class HttpTestCase(ServerTestCase):
    def setUp(self):
        self.connection = self.connect()

    def connect(self):
        connection = Connection(self.server.port)
        self.addCleanup(connection.__exit__)
        return connection

    def check_common_headers(self, answer):
        """Checks the headers that every response has."""
        self.assertRegex(answer.headers["x-amzn-requestid"], r"\A[0-9A-Z]{52}\Z")
        self.assertEqual(answer.headers["server"], "Server")
        date = email.utils.parsedate_to_datetime(answer.headers["date"])
        self.assertTrue(answer.headers["date"].endswith(" GMT"))
        self.assertLess(abs(date.timestamp() - time.time()), 5)

    def check_headers(self, answer, status, content_type):
        """Checks the common headers, the checksum and the content type."""
        self.check_common_headers(answer)
        self.assertEqual(answer.status, status)
        self.assertEqual(int(answer.headers["x-amz-crc32"]), zlib.crc32(answer.body))
        self.assertEqual(answer.headers["content-type"], content_type)


class Answers(HttpTestCase):
    def test_headers(self):
        """Success and errors of every kind have the headers that SDKs read."""
        json_type = "application/x-amz-json-1.0"
        for name, request, status, content_type in (
            ("success", operation_request("ListTables", b"{}"), 200, json_type),
            (
                "unknown table",
                operation_request("DescribeTable", b'{"TableName":"absent"}'),
                400,
                json_type,
            ),
            ("bad parameter", operation_request("ListTables", b'{"Limit":0}'), 400, json_type),
            ("no JSON", operation_request("ListTables", b"{"), 400, json_type),
            ("unknown operation", operation_request("NoSuchThing", b"{}"), 400, json_type),
        ):
            with self.subTest(name):
                self.check_headers(self.connection.call(request), status, content_type)

    def test_health(self):
        """GET / is the health check of load balancers and containers, with the service's text.

        The space at its end is recorded.
        """
        answer = self.connection.call(head({"Host": "localhost"}, method="GET"))
        self.check_common_headers(answer)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.body, b"healthy: dynamodb.us-east-1.amazonaws.com ")
        self.assertEqual(int(answer.headers["x-amz-crc32"]), zlib.crc32(answer.body))
        self.assertIn("content-type", answer.headers)

    def test_health_by_head(self):
        """HEAD / has the response of GET / without the body, and the connection stays usable."""
        self.connection.send(head({"Host": "localhost"}, method="HEAD"))
        answer = self.connection.read_answer(has_body=False)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["content-length"], "42")
        self.assertEqual(
            self.connection.call(operation_request("ListTables", b"{}")).status, 200
        )

    def test_request_ids_differ(self):
        """Request ids are unique, so that they can be found in a log."""
        ids = {
            self.connection.call(operation_request("ListTables", b"{}")).headers[
                "x-amzn-requestid"
            ]
            for _ in range(100)
        }
        self.assertEqual(len(ids), 100)

    def test_exact_error(self):
        """SDKs read code and message from exactly this form of an error body."""
        answer = self.connection.call(
            operation_request("DescribeTable", b'{"TableName":"absent"}')
        )
        self.assertEqual(
            json.loads(answer.body),
            {
                "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
                "message": "Requested resource not found: Table: absent not found",
            },
        )

    def test_unknown_operations(self):
        """Without a valid target the response has an error type but no message (recorded)."""
        for target in (
            None,
            "",
            "whatever",
            "ListTables",
            "DynamoDB_20120810.",
            "DynamoDB_20120810.ListTable",
            "DynamoDB_20120810.listtables",
            "DynamoDB_20120810.ListTables.ListTables",
            "DynamoDB_20990101.ListTables",
        ):
            with self.subTest(target=target):
                answer = self.connection.call(
                    operation_request("ListTables", b"{}", X_Amz_Target=target)
                )
                self.check_headers(answer, 400, "application/x-amz-json-1.0")
                self.assertEqual(json.loads(answer.body), UNKNOWN_OPERATION)
                self.assertEqual(answer.headers["x-amz-crc32"], "1368724161")

    def test_bare_post(self):
        """POST / without headers is an unknown operation, with the plain JSON type (recorded)."""
        answer = self.connection.call(head({"Host": "localhost", "Content-Length": 0}))
        self.assertEqual(answer.status, 400)
        self.assertEqual(json.loads(answer.body), UNKNOWN_OPERATION)
        self.assertEqual(answer.headers["content-type"], "application/json")

    def test_other_methods(self):
        """Methods outside the protocol get 404 and a line of XML (recorded)."""
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            with self.subTest(method):
                answer = self.connection.call(
                    head({"Host": "localhost", "Content-Length": 0}, method=method)
                )
                self.check_common_headers(answer)
                self.assertEqual(answer.status, 404)
                self.assertEqual(answer.body, b"<UnknownOperationException/>\n")
                self.assertEqual(answer.headers["x-amz-crc32"], "3552371480")

    def test_other_content_types(self):
        """A body with a content type outside the protocol gets 404 (recorded)."""
        for content_type in (
            None,
            "whatever",
            "text/plain",
            "application/x-amz-json-1.1",
            "application/jsonasdf",
        ):
            with self.subTest(content_type=content_type):
                answer = self.connection.call(
                    operation_request("ListTables", b"{}", Content_Type=content_type)
                )
                self.check_common_headers(answer)
                self.assertEqual(answer.status, 404)
                self.assertEqual(answer.body, b"<UnknownOperationException/>\n")

    def test_content_type_parameters(self):
        """Parameters after a semicolon are ignored, and absent in the response (recorded)."""
        for sent, answered in (
            ("application/x-amz-json-1.0;blahblah", "application/x-amz-json-1.0"),
            ("application/json;", "application/json"),
            ("  application/json  ;   asfd", "application/json"),
        ):
            with self.subTest(sent):
                answer = self.connection.call(
                    operation_request("ListTables", b"hi", Content_Type=sent)
                )
                self.check_headers(answer, 400, answered)
                self.assertEqual(json.loads(answer.body), SERIALIZATION)
                self.assertEqual(answer.headers["x-amz-crc32"], "3948637019")

    def test_missing_authorization(self):
        """An unsigned request gets the error for a client without keys (recorded)."""
        for authorization in (None, "AWS4", "X", "Basic dXNlcjpzZWNyZXQ="):
            with self.subTest(authorization=authorization):
                answer = self.connection.call(
                    operation_request("ListTables", b"{}", Authorization=authorization)
                )
                self.check_headers(answer, 400, "application/x-amz-json-1.0")
                self.assertEqual(
                    json.loads(answer.body),
                    {
                        "__type": (
                            "com.amazon.coral.service#MissingAuthenticationTokenException"
                        ),
                        "message": "Request is missing Authentication Token",
                    },
                )

    def test_broken_authorization(self):
        """An incomplete signature gets a message that lists the missing parts (recorded)."""
        no_credential = "Authorization header requires 'Credential' parameter. "
        no_signature = "Authorization header requires 'Signature' parameter. "
        no_headers = "Authorization header requires 'SignedHeaders' parameter. "
        no_date = (
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        )
        for changes, missing in (
            (
                {"Authorization": "AWS4-", "X-Amz-Date": None},
                no_credential + no_signature + no_headers + no_date,
            ),
            (
                {
                    "Authorization": "AWS4- Signature=b Credential=a",
                    "X-Amz-Date": None,
                    "Date": "a",
                },
                no_headers,
            ),
            ({"Authorization": "AWS4- Signature=b,Credential=a"}, no_headers),
            ({"Authorization": "AWS4- Signature=b, Credential=a"}, no_headers),
            ({"X-Amz-Date": None}, no_date),
        ):
            with self.subTest(changes=changes):
                authorization = changes.get("Authorization", AUTHORIZATION)
                answer = self.connection.call(operation_request("ListTables", b"{}", **changes))
                self.check_headers(answer, 400, "application/x-amz-json-1.0")
                self.assertEqual(
                    json.loads(answer.body),
                    {
                        "__type": "com.amazon.coral.service#IncompleteSignatureException",
                        "message": f"{missing}Authorization={authorization}",
                    },
                )

    def test_signature_in_the_query_string(self):
        """The signature parameters of a presigned URL must all be present or all absent
        (recorded)."""
        prefix = "com.amazon.coral.service#"
        suffix = "Re-examine the query-string parameters."
        for path, authorization, expected in (
            (
                "/?X-Amz-Algorithm",
                AUTHORIZATION,
                {
                    "__type": prefix + "InvalidSignatureException",
                    "message": (
                        "Found both 'X-Amz-Algorithm' as a query-string param and "
                        "'Authorization' as HTTP header."
                    ),
                },
            ),
            (
                "/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d",
                None,
                {
                    "__type": prefix + "IncompleteSignatureException",
                    "message": (
                        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. " + suffix
                    ),
                },
            ),
            (
                "/?X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=c&X-Amz-Date=d",
                None,
                {
                    "__type": prefix + "MissingAuthenticationTokenException",
                    "message": "Request is missing Authentication Token",
                },
            ),
        ):
            with self.subTest(path):
                headers = operation_headers("ListTables", Authorization=authorization)
                answer = self.connection.call(
                    head({**headers, "Content-Length": 2}, path=path) + b"{}"
                )
                self.assertEqual(answer.status, 400)
                self.assertEqual(json.loads(answer.body), expected)
        complete = (
            "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=b&X-Amz-SignedHeaders=host"
            "&X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fdynamodb%2Faws4_request"
            "&X-Amz-Date=20260101T000000Z"
        )
        headers = operation_headers("ListTables", Authorization=None)
        answer = self.connection.call(
            head({**headers, "Content-Length": 2}, path=complete) + b"{}"
        )
        self.assertEqual(answer.status, 200)


PAGE = "http://localhost:3000"


class CrossOrigin(HttpTestCase):
    """Browsers send a preflight request first, and hide responses without permission from pages."""

    def test_preflight(self):
        """OPTIONS with an Origin allows what the browser requests, for two days (recorded)."""
        answer = self.connection.call(
            head(
                {
                    "Host": "localhost",
                    "Origin": PAGE,
                    "Access-Control-Request-Headers": "a, b, c",
                    "Access-Control-Request-Method": "POST",
                },
                method="OPTIONS",
            )
        )
        self.check_common_headers(answer)
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(answer.headers["access-control-allow-origin"], PAGE)
        self.assertEqual(answer.headers["access-control-allow-headers"], "a, b, c")
        self.assertEqual(answer.headers["access-control-allow-methods"], "POST")
        self.assertEqual(answer.headers["access-control-max-age"], "172800")

    def test_answers_with_an_origin(self):
        """Success and error responses allow the page to read them and their headers (recorded)."""
        for operation, status in (("ListTables", 200), ("NoSuchThing", 400)):
            with self.subTest(operation):
                answer = self.connection.call(
                    operation_request(operation, b"{}", Origin=PAGE)
                )
                self.check_headers(answer, status, "application/x-amz-json-1.0")
                self.assertEqual(answer.headers["access-control-allow-origin"], PAGE)
                self.assertEqual(
                    answer.headers["access-control-expose-headers"],
                    "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
                )

    def test_answers_without_an_origin(self):
        """Responses to other clients do not have these headers."""
        answer = self.connection.call(operation_request("ListTables", b"{}"))
        self.assertEqual(
            [name for name in answer.headers if name.startswith("access-control")], []
        )


class Framing(HttpTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with Connection(cls.server.port) as connection:
            connection.call(operation_request("CreateTable", table_definition("framing")))

    def put_body(self, key, number):
        return json.dumps(
            {
                "TableName": "framing",
                "Item": {"id": {"S": key}, "number": {"N": str(number)}},
                "ReturnValues": "ALL_OLD",
            }
        ).encode()

    def stored_number(self, key):
        answer = self.connection.call(
            operation_request(
                "GetItem",
                json.dumps({"TableName": "framing", "Key": {"id": {"S": key}}}).encode(),
            )
        )
        return json.loads(answer.body)["Item"]["number"]["N"]

    def test_keep_alive(self):
        """One connection serves consecutive requests, including errors and 404."""
        for request, status in (
            (operation_request("ListTables", b"{}"), 200),
            (operation_request("NoSuchThing", b"{}"), 400),
            (head({"Host": "localhost", "Content-Length": 0}, method="PUT"), 404),
            (operation_request("ListTables", b"hi", Content_Type="text/plain"), 404),
            (operation_request("ListTables", b"{}"), 200),
        ):
            self.assertEqual(self.connection.call(request).status, status)

    def test_close(self):
        """A client that sends "Connection: close" gets its response, then the connection ends."""
        for request in (
            operation_request("ListTables", b"{}", Connection="close"),
            head(
                {**operation_headers("ListTables"), "Content-Length": 2}, version="HTTP/1.0"
            )
            + b"{}",
        ):
            connection = self.connect()
            answer = connection.call(request)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["connection"], "close")
            self.assertTrue(connection.is_at_end())

    def test_pipelining(self):
        """200 pipelined requests are executed and answered in order.

        Each writes its number and returns the previous one, so the responses prove both orders. The
        next request on the connection proves that no byte was left over.
        """
        self.connection.send(
            b"".join(
                operation_request("PutItem", self.put_body("pipelining", number))
                for number in range(200)
            )
        )
        answers = [json.loads(self.connection.read_answer().body) for _ in range(200)]
        self.assertEqual(answers[0], {})
        self.assertEqual(
            [answer["Attributes"]["number"]["N"] for answer in answers[1:]],
            [str(number) for number in range(199)],
        )
        self.assertEqual(self.stored_number("pipelining"), "199")

    def test_split_anywhere(self):
        """The network may split a request anywhere; here it is split after each byte."""
        request = operation_request("PutItem", self.put_body("split", 7))
        for offset in range(len(request)):
            self.connection.send(request[offset : offset + 1])
        answer = self.connection.read_answer()
        self.assertEqual((answer.status, answer.body), (200, b"{}"))
        self.assertEqual(self.stored_number("split"), "7")

    def test_chunked_body(self):
        """A chunked body is accepted, here with an extension and a trailer."""
        body = self.put_body("chunked", 11)
        headers = {**operation_headers("PutItem"), "Transfer-Encoding": "chunked"}
        request = (
            head(headers)
            + b"".join(
                chunk(body[offset : offset + 7], ";name=value") for offset in range(0, len(body), 7)
            )
            + b"0\r\nX-Trailer: ignored\r\n\r\n"
        )
        # Two requests at once: the end of the first must be found exactly.
        self.connection.send(request * 2)
        self.assertEqual(json.loads(self.connection.read_answer().body), {})
        self.assertEqual(
            json.loads(self.connection.read_answer().body),
            {"Attributes": {"id": {"S": "chunked"}, "number": {"N": "11"}}},
        )
        self.assertEqual(self.stored_number("chunked"), "11")

    def test_expect_continue(self):
        """Some clients send a larger body only after 100 Continue."""
        body = self.put_body("continue", 13)
        headers = operation_headers("PutItem", Expect="100-continue")
        self.connection.send(head({**headers, "Content-Length": len(body)}))
        self.assertEqual(self.connection.read_answer(has_body=False).status, 100)
        self.assertEqual(self.connection.call(body).status, 200)
        self.assertEqual(self.stored_number("continue"), "13")

    def padded(self, size):
        """Returns the body of a ListTables, padded with spaces to `size` bytes."""
        return b'{"Limit":1' + b" " * (size - 11) + b"}"

    def test_largest_body(self):
        """A body of 16 MB is accepted, whole and in chunks, and the connection stays open."""
        body = self.padded(BODY_SIZE_BYTES_MAX)
        headers = {**operation_headers("ListTables"), "Transfer-Encoding": "chunked"}
        for request in (
            operation_request("ListTables", body),
            head(headers) + chunk(body) + chunk(b""),
        ):
            answer = self.connection.call(request)
            self.check_headers(answer, 200, "application/x-amz-json-1.0")
            self.assertEqual(json.loads(answer.body), {"TableNames": ["framing"]})

    def test_larger_body(self):
        """A body larger by one byte gets 413, also if the client sends all of it first."""
        body = self.padded(BODY_SIZE_BYTES_MAX + 1)
        headers = {**operation_headers("ListTables"), "Transfer-Encoding": "chunked"}
        for request in (
            operation_request("ListTables", body),
            head(headers) + chunk(body) + chunk(b""),
        ):
            connection = self.connect()
            answer = connection.call(request)
            self.assertEqual(answer.status, 413)
            self.check_common_headers(answer)
        self.assertEqual(self.connection.call(operation_request("ListTables", b"{}")).status, 200)

    def test_compressed_body(self):
        """The content codings of the service are accepted; the decoded body has the same limit."""
        body, empty = self.padded(2000), self.padded(BODY_SIZE_BYTES_MAX)
        largest = gzip.compress(empty, 1)
        for name, coding, data, status in (
            ("gzip", "gzip", gzip.compress(body), 200),
            ("in capitals", "GZIP", gzip.compress(body), 200),
            ("two members", "gzip", gzip.compress(body[:9]) + gzip.compress(body[9:]), 200),
            ("a member and more", "gzip", gzip.compress(body) + b"more", 200),
            ("zlib", "deflate", zlib.compress(body), 200),
            ("not coded", "identity", body, 200),
            ("AWS's word for plain text", "amz-1.0", body, 200),
            ("16 MB", "gzip", largest, 200),
            ("16 MB and a byte", "gzip", gzip.compress(empty + b" ", 1), 413),
            ("16 MB and a byte in two", "gzip", largest + gzip.compress(b" "), 413),
            ("16 MB and a byte, zlib", "deflate", zlib.compress(empty + b" ", 1), 413),
            ("plain", "gzip", body, 400),
            ("nothing", "gzip", b"", 400),
            ("cut off", "gzip", gzip.compress(body)[:-1], 400),
            ("second member cut off", "gzip", gzip.compress(body) + b"\x1f\x8b\x08", 400),
            ("bad sum", "gzip", gzip.compress(body)[:-8] + bytes(8), 400),
            ("gzip as zlib", "deflate", gzip.compress(body), 400),
            ("unknown coding", "br", body, 400),
        ):
            with self.subTest(name):
                answer = self.connection.call(
                    operation_request("ListTables", data, Content_Encoding=coding)
                )
                self.assertEqual(answer.status, status)
                self.check_common_headers(answer)
                if status == 200:
                    self.assertEqual(json.loads(answer.body), {"TableNames": ["framing"]})
                elif status == 400:
                    self.assertEqual(json.loads(answer.body), SERIALIZATION)
                else:
                    self.assertEqual(answer.body, b"")

    def test_what_is_not_http(self):
        """A client of another protocol gets an error and is disconnected; others are unaffected."""
        for data in (
            b"hello\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost localhost\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: two\r\n\r\n{}",
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -2\r\n\r\n{}",
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        ):
            with self.subTest(data=data):
                connection = self.connect()
                connection.send(data)
                self.assertEqual(connection.read_answer().status, 400)
                self.assertTrue(connection.is_at_end())
        self.assertEqual(self.connection.call(operation_request("ListTables", b"{}")).status, 200)

    def test_two_framings_at_once(self):
        """A request with Content-Length and chunks is rejected: a proxy might use the other one.

        Source: RFC 9112, 6.1 and 6.3.
        """
        headers = {**operation_headers("ListTables"), "Transfer-Encoding": "chunked"}
        connection = self.connect()
        connection.send(head({**headers, "Content-Length": 2}) + chunk(b"{}") + chunk(b""))
        self.assertEqual(connection.read_answer().status, 400)
        self.assertTrue(connection.is_at_end())

    def test_endless_head(self):
        """A head without an end gets 431 and does not use unlimited memory."""
        connection = self.connect()
        connection.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Padding: " + b"x" * 70_000)
        self.assertEqual(connection.read_answer().status, 431)
        self.assertTrue(connection.is_at_end())


if __name__ == "__main__":
    unittest.main()

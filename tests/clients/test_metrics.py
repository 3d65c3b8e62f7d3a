"""Prometheus reads GET /metrics, so its own parser must accept every line.

Source: prometheus.io, "Exposition formats"; the parser is the one of its Python client.
"""

import json
import unittest

from prometheus_client.parser import text_string_to_metric_families

from raw_http import Connection, head, operation_request, table_definition
from server_process import ServerProcess


class Metrics(unittest.TestCase):
    def setUp(self):
        self.server = ServerProcess("--max-memory", "64m")
        self.addCleanup(self.server.stop)

    def scrape(self):
        """Returns the families by name, and the values of all samples by name and labels."""
        with Connection(self.server.port) as connection:
            answer = connection.call(head({"Host": "localhost"}, method="GET", path="/metrics"))
        self.assertEqual(answer.status, 200)
        self.assertEqual(
            answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8"
        )
        families = {}
        values = {}
        for family in text_string_to_metric_families(answer.body.decode()):
            self.assertNotIn(family.name, families, "a family that is there twice")
            self.assertTrue(family.documentation)
            families[family.name] = family
            for sample in family.samples:
                key = (sample.name, *sorted(sample.labels.items()))
                self.assertNotIn(key, values, "a sample that is there twice")
                values[key] = sample.value
        return families, values

    def call(self, operation, body, **changes):
        with Connection(self.server.port) as connection:
            return connection.call(operation_request(operation, body, **changes))

    def test_types(self):
        """Every family has a type, from the first scrape on."""
        families, _ = self.scrape()
        self.assertEqual(
            {name: family.type for name, family in families.items()},
            {
                "pageturner_build_info": "gauge",
                "pageturner_connections": "gauge",
                "pageturner_item_bytes": "gauge",
                "pageturner_items": "gauge",
                "pageturner_memory_bytes": "gauge",
                "pageturner_memory_max_bytes": "gauge",
                "pageturner_request_duration_seconds": "histogram",
                "pageturner_requests": "counter",
                "pageturner_tables": "gauge",
                "process_cpu_seconds": "counter",
                "process_resident_memory_bytes": "gauge",
            },
        )

    def test_requests(self):
        """Each request is counted once, by operation and result."""
        self.call("CreateTable", table_definition("Music"))
        put = {"TableName": "Music", "Item": {"id": {"S": "a"}}}
        for _ in range(3):
            self.call("PutItem", json.dumps(put).encode())
        put["ConditionExpression"] = "attribute_not_exists(id)"
        self.call("PutItem", json.dumps(put).encode())
        self.call("PutItem", b"{")
        self.call("Frobnicate", b"{}")
        self.call("Frobnicate2", b"{}")
        with Connection(self.server.port) as connection:
            connection.call(head({"Host": "localhost"}, method="GET"))
            connection.call(head({"Host": "localhost"}, method="PUT"))
            connection.call(head({"Host": "localhost", "Content-Length": "16777217"}))
        _, values = self.scrape()
        counts = {
            tuple(value for _, value in labels): count
            for (name, *labels), count in values.items()
            if name == "pageturner_requests_total"
        }
        self.assertEqual(
            counts,
            {  # by error, operation, status
                ("", "CreateTable", "200"): 1,
                ("", "PutItem", "200"): 3,
                ("ConditionalCheckFailedException", "PutItem", "400"): 1,
                ("SerializationException", "PutItem", "400"): 1,
                ("UnknownOperationException", "none", "400"): 2,
                ("", "none", "200"): 1,
                ("", "none", "404"): 1,
                ("", "none", "413"): 1,
            },
        )

    def test_durations(self):
        """The buckets of a histogram are cumulative, and the last one counts all."""
        self.call("CreateTable", table_definition("Music"))
        for _ in range(5):
            self.call("DescribeTable", b'{"TableName":"Music"}')
        families, _ = self.scrape()
        samples = [
            sample
            for sample in families["pageturner_request_duration_seconds"].samples
            if sample.labels["operation"] == "DescribeTable"
        ]
        buckets = [sample for sample in samples if sample.name.endswith("_bucket")]
        bounds = [float(sample.labels["le"]) for sample in buckets]
        self.assertEqual(bounds, sorted(bounds))
        self.assertEqual((bounds[0], bounds[-1]), (0.00001, float("inf")))
        counts = [sample.value for sample in buckets]
        self.assertEqual(counts, sorted(counts))
        self.assertEqual(counts[-1], 5)
        others = {sample.name: sample.value for sample in samples if sample not in buckets}
        self.assertEqual(others.pop("pageturner_request_duration_seconds_count"), 5)
        total = others.pop("pageturner_request_duration_seconds_sum")
        self.assertEqual(others, {})
        self.assertGreater(total, 0)
        self.assertLess(total, 5)

    def test_data(self):
        """Tables, items, bytes and memory are current values."""
        self.call("CreateTable", table_definition("Music"))
        self.call("CreateTable", table_definition("Films"))
        _, empty = self.scrape()
        for key in ("a", "b"):
            item = {"id": {"S": key}, "text": {"S": "x" * 1000}}
            self.call("PutItem", json.dumps({"TableName": "Music", "Item": item}).encode())
        _, full = self.scrape()
        of = lambda table: ("table", table)
        self.assertEqual(full[("pageturner_tables",)], 2)
        self.assertEqual(full[("pageturner_items", of("Music"))], 2)
        self.assertEqual(full[("pageturner_items", of("Films"))], 0)
        self.assertEqual(full[("pageturner_item_bytes", of("Music"))], 2 * (3 + 1000 + 4))
        # The descriptions of the tables count too.
        tables = empty[("pageturner_memory_bytes",)]
        self.assertGreater(tables, 0)
        self.assertLess(tables, 2 * 3000)
        self.assertGreater(full[("pageturner_memory_bytes",)] - tables, 2000)
        self.assertLess(full[("pageturner_memory_bytes",)] - tables, 3500)  # with two nodes of trees
        self.assertEqual(full[("pageturner_memory_max_bytes",)], 64 * 1024 * 1024)
        self.call("DeleteTable", b'{"TableName":"Music"}')
        _, gone = self.scrape()
        self.assertEqual(gone[("pageturner_memory_bytes",)], tables / 2)
        self.assertNotIn(("pageturner_items", of("Music")), gone)

    def test_connections(self):
        """The connections are the open ones, including the one of the scrape."""
        self.assertEqual(self.scrape()[1][("pageturner_connections",)], 1)
        with Connection(self.server.port) as one, Connection(self.server.port) as two:
            for connection in (one, two):
                connection.call(head({"Host": "localhost"}, method="GET"))
            # The connection of the previous scrape may not be closed yet.
            self.assertIn(self.scrape()[1][("pageturner_connections",)], (3, 4))

    def test_process(self):
        """The process metrics match the process."""
        _, values = self.scrape()
        told = values[("process_resident_memory_bytes",)]
        self.assertAlmostEqual(told, self.server.resident_bytes(), delta=4 * 1024 * 1024)
        self.assertGreater(values[("process_cpu_seconds_total",)], 0)
        version = self.server.first_line.split()[1]
        self.assertEqual(values[("pageturner_build_info", ("version", version))], 1)


if __name__ == "__main__":
    unittest.main()

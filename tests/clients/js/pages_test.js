// Query and Scan through the SDK's paginators, which follow LastEvaluatedKey until a page has none:
// on a table, a local and a global index, with filters and in parallel.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { DynamoDB, paginateQuery, paginateScan } from "@aws-sdk/client-dynamodb";

import { collect, definition, keySchema, useServer } from "./server_process.js";

const PARTITIONS = ["a", "b", "c"];
const upTo = (count) => [...Array(count).keys()];
const twoDigits = (number) => String(number).padStart(2, "0");
const ALL = { ProjectionType: "ALL" };

// Returns the numbers of the items of all pages, in order.
const numbers = (pages) => pages.flatMap((page) => page.Items).map((item) => Number(item.number.N));

describe("pages", () => {
  const server = useServer();
  let client;

  before(async () => {
    // Three partitions of 20 items. `rank` has the opposite order of the sort key, and every fourth
    // item is "rare".
    client = server.client(DynamoDB);
    await client.createTable({
      ...definition("pages", "id", "at", "rank", "kind"),
      KeySchema: keySchema("id", "at"),
      LocalSecondaryIndexes: [
        { IndexName: "by_rank", KeySchema: keySchema("id", "rank"), Projection: ALL },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: "by_kind", KeySchema: keySchema("kind", "rank"), Projection: ALL },
      ],
    });
    for (const id of PARTITIONS) {
      const requests = upTo(20).map((number) => ({
        PutRequest: {
          Item: {
            id: { S: id },
            at: { S: twoDigits(number) },
            rank: { S: twoDigits(19 - number) },
            kind: { S: number % 4 ? "plain" : "rare" },
            number: { N: String(number) },
          },
        },
      }));
      await client.batchWriteItem({ RequestItems: { pages: requests } });
    }
  });

  // The paginators modify their input (they set the last start key), so they get a copy.
  const query = (pageSize, input, startingToken) =>
    collect(paginateQuery({ client, pageSize, startingToken }, { ...input }));
  const scan = (pageSize, input) =>
    collect(paginateScan({ client, pageSize }, { TableName: "pages", ...input }));
  const ofB = {
    TableName: "pages",
    KeyConditionExpression: "id = :id",
    ExpressionAttributeValues: { ":id": { S: "b" } },
  };

  it("of a query have as many items as Limit says", async () => {
    // A page that ends at Limit has a key even if no item follows: a read does not look ahead.
    for (const [pageSize, counts] of [
      [undefined, [20]],
      [7, [7, 7, 6]],
      [10, [10, 10, 0]],
      [20, [20, 0]],
      [21, [20]],
    ]) {
      for (const forward of [true, false]) {
        const pages = await query(pageSize, { ...ofB, ScanIndexForward: forward });
        const expected = upTo(20);
        assert.deepEqual(
          pages.map((page) => page.Count),
          counts,
        );
        assert.deepEqual(numbers(pages), forward ? expected : expected.reverse());
        const ofLast = pages.map((page) => page.LastEvaluatedKey !== undefined);
        assert.deepEqual(ofLast, [...Array(counts.length - 1).fill(true), false]);
      }
    }
  });

  it("of a query match its key condition", async () => {
    // Every comparison of a sort key, in pages of two.
    for (const [condition, values, expected] of [
      ["#at = :x", ["04"], [4]],
      ["#at < :x", ["03"], [0, 1, 2]],
      ["#at <= :x", ["03"], [0, 1, 2, 3]],
      ["#at > :x", ["17"], [18, 19]],
      ["#at >= :x", ["17"], [17, 18, 19]],
      ["#at BETWEEN :x AND :y", ["03", "05"], [3, 4, 5]],
      ["begins_with(#at, :x)", ["1"], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]],
      ["begins_with(#at, :x)", ["2"], []],
    ]) {
      const pages = await query(2, {
        ...ofB,
        KeyConditionExpression: `id = :id AND ${condition}`,
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: {
          ":id": { S: "b" },
          ...Object.fromEntries(values.map((value, i) => [[":x", ":y"][i], { S: value }])),
        },
      });
      assert.deepEqual(numbers(pages), expected, condition);
    }
  });

  it("of a query may be empty before the last one", async () => {
    // The paginator must continue: after a filter an empty page may be followed by others.
    const pages = await query(6, {
      ...ofB,
      FilterExpression: "#n = :n",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: { ":id": { S: "b" }, ":n": { N: "19" } },
    });
    assert.deepEqual(
      pages.map((page) => [page.Count, page.ScannedCount]),
      [
        [0, 6],
        [0, 6],
        [0, 6],
        [1, 2],
      ],
    );
  });

  it("of a local index are in its order", async () => {
    // The start key has the keys of the table and of the index; the SDK sends it back unchanged.
    const pages = await query(8, { ...ofB, IndexName: "by_rank" });
    assert.deepEqual(numbers(pages), upTo(20).reverse());
    assert.deepEqual(
      pages.map((page) => page.LastEvaluatedKey),
      [
        { id: { S: "b" }, at: { S: "12" }, rank: { S: "07" } },
        { id: { S: "b" }, at: { S: "04" }, rank: { S: "15" } },
        undefined,
      ],
    );
  });

  it("of a global index may end between equal keys", async () => {
    // Index keys need not be unique: here three items share each key, and a page ends between them.
    const pages = await query(2, {
      TableName: "pages",
      IndexName: "by_kind",
      KeyConditionExpression: "kind = :kind AND #rank > :rank",
      ExpressionAttributeNames: { "#rank": "rank" },
      ExpressionAttributeValues: { ":kind": { S: "rare" }, ":rank": { S: "10" } },
    });
    assert.deepEqual(
      pages.map((page) => page.Count),
      [2, 2, 2, 2, 1],
    );
    assert.deepEqual(numbers(pages), [8, 8, 8, 4, 4, 4, 0, 0, 0]);
    const seen = pages.flatMap((page) => page.Items).map((item) => item.id.S + item.at.S);
    assert.equal(new Set(seen).size, 9);
    const keyNames = Object.keys(pages[0].LastEvaluatedKey).sort();
    assert.deepEqual(keyNames, ["at", "id", "kind", "rank"]);
  });

  it("of a query can be counted only", async () => {
    // Select COUNT returns no Items, and has the same pages as any other query.
    const pages = await query(15, { ...ofB, Select: "COUNT" });
    assert.deepEqual(
      pages.map((page) => [page.Count, page.Items]),
      [
        [15, undefined],
        [5, undefined],
      ],
    );
  });

  it("of a scan have every item once", async () => {
    // By partition, each in the order of its sort key.
    for (const [pageSize, index, counts] of [
      [undefined, undefined, [60]],
      [9, undefined, [9, 9, 9, 9, 9, 9, 6]],
      [30, undefined, [30, 30, 0]],
      [25, "by_rank", [25, 25, 10]],
      [25, "by_kind", [25, 25, 10]],
    ]) {
      const pages = await scan(pageSize, { IndexName: index });
      assert.deepEqual(
        pages.map((page) => page.Count),
        counts,
      );
      const seen = pages.flatMap((page) => page.Items).map((item) => item.id.S + item.at.S);
      const all = PARTITIONS.flatMap((id) => upTo(20).map((number) => id + twoDigits(number)));
      assert.deepEqual([...seen].sort(), all, `IndexName: ${index}`);
      if (index === undefined) {
        const order = PARTITIONS.map((id) => seen.filter((key) => key[0] === id));
        order.sort((one, other) => seen.indexOf(one[0]) - seen.indexOf(other[0]));
        assert.deepEqual(seen, order.flat());
      }
    }
  });

  it("of a scan are filtered after Limit", async () => {
    // Limit counts evaluated items, so ScannedCount is the same as without a filter.
    const pages = await scan(25, {
      FilterExpression: "kind = :kind AND #n BETWEEN :low AND :high",
      ProjectionExpression: "#n",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: {
        ":kind": { S: "rare" },
        ":low": { N: "1" },
        ":high": { N: "8" },
      },
    });
    assert.deepEqual(
      pages.map((page) => page.ScannedCount),
      [25, 25, 10],
    );
    const items = pages.flatMap((page) => page.Items);
    assert.deepEqual(
      items.map((item) => JSON.stringify(item)).sort(),
      [4, 4, 4, 8, 8, 8].map((number) => JSON.stringify({ number: { N: String(number) } })),
    );
  });

  it("of a parallel scan are disjoint", async () => {
    // The segments, read concurrently, are together the whole table.
    const segments = await Promise.all(
      upTo(4).map((segment) => scan(3, { Segment: segment, TotalSegments: 4 })),
    );
    const seen = segments.flat().flatMap((page) => page.Items);
    assert.equal(seen.length, 60);
    assert.equal(new Set(seen.map((item) => item.id.S + item.at.S)).size, 60);
  });

  it("continue from a stored start key", async () => {
    // The "next" link of a web page stores the start key of the next page.
    const [first] = await query(7, ofB);
    const rest = await query(7, ofB, first.LastEvaluatedKey);
    assert.deepEqual(numbers(rest), upTo(20).slice(7));
  });

  it("end at 1 MB", async () => {
    // Without a Limit the size of the items ends a page: 2 of 400,000 bytes fit, a third does not.
    await client.createTable(definition("large", "id", "at"));
    for (const number of upTo(5)) {
      const item = { id: { S: "a" }, at: { S: String(number) }, text: { S: "x".repeat(400_000) } };
      await client.putItem({ TableName: "large", Item: item });
    }
    const ofA = { ...ofB, TableName: "large", ExpressionAttributeValues: { ":id": { S: "a" } } };
    for (const pages of [
      await query(undefined, ofA),
      await scan(undefined, { TableName: "large" }),
    ]) {
      assert.deepEqual(
        pages.map((page) => page.Items.map((item) => item.at.S)),
        [["0", "1"], ["2", "3"], ["4"]],
      );
    }
  });
});

// Reading and writing items, singly and in batches, with the SDK's plain client, which passes
// attribute values unchanged, except for binary: it encodes and decodes that.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { DynamoDB } from "@aws-sdk/client-dynamodb";

import { bare, definition, useServer } from "./server_process.js";

const bytes = (...values) => Uint8Array.from(values);

describe("items", () => {
  const server = useServer();
  let client;

  before(async () => {
    client = server.client(DynamoDB);
    await client.createTable(definition("items", "id"));
  });

  const get = async (key, more = {}) =>
    (await client.getItem({ TableName: "items", Key: { id: { S: key } }, ...more })).Item;

  it("are read as they were written", async () => {
    // An item with every type. The SDK's decoder requires the documented form of each value.
    const item = {
      id: { S: "round trip" },
      text: { S: "Zoë said “no” \\ \t\n\u0001 \u{1f600}" },
      noText: { S: "" },
      number: { N: "-1234.5678" },
      digits: { N: "12345678901234567890123456789012345678" },
      binary: { B: bytes(...Array(256).keys()) },
      noBytes: { B: bytes() },
      yes: { BOOL: true },
      no: { BOOL: false },
      nothing: { NULL: true },
      texts: { SS: ["a", "b", "ä"] },
      numbers: { NS: ["-2.5", "1", "1000000"] },
      binaries: { BS: [bytes(0), bytes(255, 254)] },
      list: { L: [{ S: "a" }, { L: [] }, { M: {} }, { B: bytes(1) }, { L: [{ NULL: true }] }] },
      map: { M: { a: { M: { b: { L: [{ N: "3" }] } } }, " ": { S: "blank name" } } },
    };
    const put = await client.putItem({ TableName: "items", Item: item });
    assert.deepEqual(bare(put), {});
    assert.deepEqual(await get("round trip"), item);
    assert.deepEqual(await get("round trip", { ConsistentRead: true }), item);
  });

  it("are read with a projection", async () => {
    // A projection selects parts of maps and lists, and omits absent ones.
    await client.putItem({
      TableName: "items",
      Item: {
        id: { S: "projected" },
        list: { L: [{ S: "a" }, { S: "b" }, { S: "c" }] },
        map: { M: { a: { N: "1" }, b: { N: "2" } } },
      },
    });
    const part = await get("projected", {
      ProjectionExpression: "#l[2], #l[0], #m.b, absent",
      ExpressionAttributeNames: { "#l": "list", "#m": "map" },
    });
    assert.deepEqual(part, {
      list: { L: [{ S: "a" }, { S: "c" }] },
      map: { M: { b: { N: "2" } } },
    });
    assert.equal(await get("nobody"), undefined);
  });

  it("are returned by put and delete as they were", async () => {
    // ALL_OLD returns the old item, and nothing if there was none.
    const first = { id: { S: "old" }, count: { N: "1" } };
    const second = { id: { S: "old" }, texts: { SS: ["a"] } };
    const old = { TableName: "items", ReturnValues: "ALL_OLD" };
    const remove = { ...old, Key: { id: { S: "old" } } };
    assert.deepEqual(bare(await client.putItem({ ...old, Item: first })), {});
    assert.deepEqual(bare(await client.putItem({ ...old, Item: second })), { Attributes: first });
    assert.deepEqual(bare(await client.deleteItem(remove)), { Attributes: second });
    assert.deepEqual(bare(await client.deleteItem(remove)), {});
    assert.equal(await get("old"), undefined);
  });

  it("are returned by update as requested", async () => {
    // All values of ReturnValues, for an update with all four clauses.
    const before = {
      id: { S: "updated" },
      kept: { S: "k" },
      title: { S: "a" },
      gone: { NULL: true },
      count: { N: "1" },
      tags: { SS: ["a", "b"] },
    };
    const changed = { title: { S: "b" }, count: { N: "3" }, tags: { SS: ["a"] } };
    const { gone, ...others } = before;
    const after = { ...others, ...changed };
    for (const [returnValues, attributes] of [
      [undefined, undefined],
      ["NONE", undefined],
      ["ALL_OLD", before],
      ["UPDATED_OLD", { title: before.title, gone, count: before.count, tags: before.tags }],
      ["ALL_NEW", after],
      ["UPDATED_NEW", changed],
    ]) {
      await client.putItem({ TableName: "items", Item: before });
      const updated = await client.updateItem({
        TableName: "items",
        Key: { id: before.id },
        UpdateExpression: "SET title = :title REMOVE gone ADD #count :two DELETE tags :tags",
        ExpressionAttributeNames: { "#count": "count" },
        ExpressionAttributeValues: {
          ":title": { S: "b" },
          ":two": { N: "2" },
          ":tags": { SS: ["b"] },
        },
        ReturnValues: returnValues,
      });
      assert.deepEqual(bare(updated).Attributes, attributes, `ReturnValues: ${returnValues}`);
      assert.deepEqual(await get("updated"), after);
    }
  });

  it("are created by an update", async () => {
    // Programs create counters and nested documents with an update of an absent item.
    const updated = await client.updateItem({
      TableName: "items",
      Key: { id: { S: "created" } },
      UpdateExpression:
        "SET visits = if_not_exists(visits, :zero) + :one, seen = list_append(:a, :a)",
      ExpressionAttributeValues: {
        ":zero": { N: "0" },
        ":one": { N: "1" },
        ":a": { L: [{ S: "a" }] },
      },
      ReturnValues: "ALL_NEW",
    });
    assert.deepEqual(updated.Attributes, {
      id: { S: "created" },
      visits: { N: "1" },
      seen: { L: [{ S: "a" }, { S: "a" }] },
    });
  });

  it("report the consumed capacity", async () => {
    // The decoder requires numbers, whole and half. The sizes are from "Read and write operations"
    // in the Developer Guide: 1 KB per write unit, 4 KB per read unit, half of a unit for an
    // eventually consistent read.
    const item = { id: { S: "large" }, text: { S: "x".repeat(5000) } };
    const key = { id: item.id };
    const counted = { TableName: "items", ReturnConsumedCapacity: "TOTAL" };
    for (const [call, units] of [
      [() => client.putItem({ ...counted, Item: item }), 5],
      [() => client.getItem({ ...counted, Key: key }), 1],
      [() => client.getItem({ ...counted, Key: key, ConsistentRead: true }), 2],
      [() => client.getItem({ ...counted, Key: { id: { S: "nobody" } } }), 0.5],
      [() => client.deleteItem({ ...counted, Key: key }), 5],
    ]) {
      const answer = await call();
      assert.deepEqual(answer.ConsumedCapacity, { TableName: "items", CapacityUnits: units });
    }
  });
});

describe("batches", () => {
  const server = useServer();

  it("write and read several tables at once", async () => {
    // Nothing unprocessed is an empty map: programs loop until they get it.
    const client = server.client(DynamoDB);
    await client.createTable(definition("first_batch", "id"));
    await client.createTable(definition("second_batch", "id", "at"));
    const key = (number) => ({ id: { S: String(number) } });
    const put = (item) => ({ PutRequest: { Item: item } });
    const inSecond = { id: { S: "a" }, at: { S: "b" }, text: { S: "c" }, data: { B: bytes(1, 2) } };
    const written = await client.batchWriteItem({
      RequestItems: {
        first_batch: [...Array(24).keys()].map((n) => put({ ...key(n), number: { N: String(n) } })),
        second_batch: [put(inSecond)],
      },
    });
    assert.deepEqual(bare(written), { UnprocessedItems: {} });
    const deleted = await client.batchWriteItem({
      RequestItems: { first_batch: [{ DeleteRequest: { Key: key(3) } }, put(key(4))] },
    });
    assert.deepEqual(deleted.UnprocessedItems, {});

    const read = await client.batchGetItem({
      RequestItems: {
        first_batch: { Keys: [2, 3, 4, 99].map(key), ConsistentRead: true },
        second_batch: {
          Keys: [{ id: { S: "a" }, at: { S: "b" } }],
          ProjectionExpression: "#t, #d",
          ExpressionAttributeNames: { "#t": "text", "#d": "data" },
        },
      },
    });
    assert.deepEqual(read.UnprocessedKeys, {});
    const { first_batch: first, second_batch: second } = read.Responses;
    first.sort((one, other) => one.id.S.localeCompare(other.id.S));
    assert.deepEqual(first, [{ ...key(2), number: { N: "2" } }, key(4)]);
    assert.deepEqual(second, [{ text: { S: "c" }, data: { B: bytes(1, 2) } }]);
  });
});

// The document client, which most JavaScript programs use. It converts native values to attribute
// values and back, so the types on the wire decide which types the program gets.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  NumberValue,
  paginateQuery,
  paginateScan,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

import { assertFails, bare, collect, definition, useServer } from "./server_process.js";

describe("documents", () => {
  const server = useServer();
  let client;

  before(async () => {
    const plain = server.client(DynamoDBClient);
    client = DynamoDBDocumentClient.from(plain, {
      marshallOptions: { removeUndefinedValues: true },
    });
    await plain.send(new CreateTableCommand(definition("documents", "id", "at")));
  });

  // Writes an item with these members and returns the members that are read.
  async function roundTrip(members, documents = client) {
    const key = { id: "round trip", at: "0" };
    await documents.send(new PutCommand({ TableName: "documents", Item: { ...key, ...members } }));
    const { Item: item } = await documents.send(
      new GetCommand({ TableName: "documents", Key: key, ConsistentRead: true }),
    );
    const { id, at, ...read } = item;
    assert.deepEqual({ id, at }, key);
    return read;
  }

  it("are read as they were written", async () => {
    // All types, compared with their JavaScript types: a set must not become a list, nor a binary a
    // string.
    const document = {
      text: "Zoë said “no” \u{1f600}",
      noText: "",
      whole: 42,
      fraction: -1234.5678,
      small: 1e-9,
      large: Number.MAX_SAFE_INTEGER,
      yes: true,
      nothing: null,
      binary: Uint8Array.of(0, 127, 128, 255),
      noBytes: new Uint8Array(),
      texts: new Set(["a", "ä", "b"]),
      numbers: new Set([1, -2.5, 1e6]),
      binaries: new Set([Uint8Array.of(0), Uint8Array.of(255, 254)]),
      list: ["a", 1, [], {}, null, [true, { deep: new Set(["x"]) }]],
      map: { a: { b: { c: Uint8Array.of(3) } }, empty: {}, " ": "blank name" },
    };
    assert.deepEqual(await roundTrip({ ...document, undefined }), document);
  });

  it("keep numbers that exceed JavaScript's precision", async () => {
    // DynamoDB has 38 digits, and returns large numbers with all their zeros: as a BigInt, without
    // a NumberValue.
    for (const [number, expected = number] of [
      [9_007_199_254_740_993n],
      [-(10n ** 37n) - 1n],
      [NumberValue.from("1E+100"), 10n ** 100n],
    ]) {
      assert.deepEqual(await roundTrip({ number }), { number: expected });
    }
    const exact = DynamoDBDocumentClient.from(server.client(DynamoDBClient), {
      unmarshallOptions: { wrapNumbers: true },
    });
    for (const [text, expected = text] of [
      ["12345678901234567890123456789012345678"],
      ["-0.12345678901234567890123456789012345678"],
      ["0.1"],
      ["100.00", "100"],
    ]) {
      const number = NumberValue.from(text);
      const read = await roundTrip({ number, numbers: new Set([number]) }, exact);
      assert.equal(read.number.constructor, NumberValue);
      assert.equal(read.number.value, expected);
      assert.deepEqual([...read.numbers].map(String), [expected]);
    }
  });

  it("are updated with native values", async () => {
    // Values of expressions are marshalled too, and the update's result is unmarshalled.
    const key = { id: "updated", at: "0" };
    const update = {
      TableName: "documents",
      Key: key,
      UpdateExpression: "SET profile = :profile ADD tags :tags, visits :one",
      ExpressionAttributeValues: {
        ":profile": { name: "Zoë", scores: [1, 2.5] },
        ":tags": new Set(["a"]),
        ":one": 1,
      },
      ReturnValues: "ALL_NEW",
    };
    await client.send(new UpdateCommand(update));
    update.ExpressionAttributeValues[":tags"] = new Set(["b"]);
    const { Attributes: attributes } = await client.send(new UpdateCommand(update));
    assert.deepEqual(attributes, {
      ...key,
      profile: { name: "Zoë", scores: [1, 2.5] },
      tags: new Set(["a", "b"]),
      visits: 2,
    });
    const remove = new DeleteCommand({
      TableName: "documents",
      Key: key,
      ConditionExpression: "visits = :visits AND profile.scores[1] = :score",
      ExpressionAttributeValues: { ":visits": 2, ":score": 2.5 },
      ReturnValues: "ALL_OLD",
    });
    assert.deepEqual(bare(await client.send(remove)), { Attributes: attributes });
    const error = await assertFails(
      () => client.send(remove),
      ConditionalCheckFailedException,
      "The conditional request failed",
    );
    assert.equal(error.Item, undefined);
  });

  it("are written in batches and read in pages", async () => {
    // Start keys are unmarshalled and marshalled again between two pages.
    const item = (number) => ({ id: "pages", at: String(number), square: number ** 2 });
    const items = [...Array(9).keys()].map(item);
    const written = await client.send(
      new BatchWriteCommand({
        RequestItems: { documents: items.map((one) => ({ PutRequest: { Item: one } })) },
      }),
    );
    assert.deepEqual(written.UnprocessedItems, {});

    const keys = items.slice(7).map(({ id, at }) => ({ id, at }));
    const read = await client.send(
      new BatchGetCommand({ RequestItems: { documents: { Keys: keys } } }),
    );
    const inOrder = read.Responses.documents.sort((one, other) => one.square - other.square);
    assert.deepEqual(inOrder, items.slice(7));
    assert.deepEqual(read.UnprocessedKeys, {});

    const pages = await collect(
      paginateQuery(
        { client, pageSize: 4 },
        {
          TableName: "documents",
          KeyConditionExpression: "id = :id",
          FilterExpression: "square > :two",
          ExpressionAttributeValues: { ":id": "pages", ":two": 2 },
        },
      ),
    );
    assert.deepEqual(
      pages.map((page) => page.Items),
      [items.slice(2, 4), items.slice(4, 8), items.slice(8)],
    );
    assert.deepEqual(pages[0].LastEvaluatedKey, { id: "pages", at: "3" });

    const scanned = await collect(
      paginateScan(
        { client, pageSize: 5 },
        {
          TableName: "documents",
          FilterExpression: "id = :id",
          ExpressionAttributeValues: { ":id": "pages" },
        },
      ),
    );
    assert.deepEqual(
      scanned.flatMap((page) => page.Items),
      items,
    );
  });
});

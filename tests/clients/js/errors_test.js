// Programs catch errors by class; validation errors have the exact texts that users search for.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  ConditionalCheckFailedException,
  DynamoDB,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";

import { assertFails, definition, useServer } from "./server_process.js";

const CONDITION_FAILED = "The conditional request failed";

describe("errors", () => {
  const server = useServer();
  const there = {
    id: { S: "there" },
    number: { N: "1" },
    data: { B: Uint8Array.of(0, 255) },
    more: { M: { tags: { SS: ["a"] } } },
  };
  const key = { id: there.id };
  let client;

  before(async () => {
    client = server.client(DynamoDB);
    await client.createTable(definition("errors", "id"));
    await client.putItem({ TableName: "errors", Item: there });
  });

  it("of a condition have the item only if requested", async () => {
    // Programs catch this class to detect a concurrent change and to see it. The item is decoded
    // like one in a response.
    const unmet = { TableName: "errors", ConditionExpression: "attribute_not_exists(id)" };
    for (const [operation, write] of [
      ["put", (more) => client.putItem({ ...unmet, Item: key, ...more })],
      ["delete", (more) => client.deleteItem({ ...unmet, Key: key, ...more })],
      [
        "update",
        (more) => client.updateItem({ ...unmet, Key: key, UpdateExpression: "REMOVE #n", ...more }),
      ],
    ]) {
      const names = operation === "update" ? { ExpressionAttributeNames: { "#n": "number" } } : {};
      for (const [asked, item] of [
        [undefined, undefined],
        ["NONE", undefined],
        ["ALL_OLD", there],
      ]) {
        const error = await assertFails(
          () => write({ ...names, ReturnValuesOnConditionCheckFailure: asked }),
          ConditionalCheckFailedException,
          CONDITION_FAILED,
        );
        assert.deepEqual(error.Item, item, `${operation}, ${asked}`);
      }
    }
    const stored = await client.getItem({ TableName: "errors", Key: key });
    assert.deepEqual(stored.Item, there);
  });

  it("of a condition on an absent item have no item", async () => {
    // With ALL_OLD and no item the member is omitted.
    const write = {
      TableName: "errors",
      Item: { id: { S: "nobody" } },
      ConditionExpression: "attribute_exists(id)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    };
    const error = await assertFails(
      () => client.putItem(write),
      ConditionalCheckFailedException,
      CONDITION_FAILED,
    );
    assert.equal(error.Item, undefined);
  });

  it("of unknown tables have their own class", async () => {
    // Table operations have the table name in the message; item operations do not.
    const described = "Requested resource not found: Table: absent not found";
    const plain = "Requested resource not found";
    const values = { ExpressionAttributeValues: { ":id": { S: "a" } } };
    for (const [message, operation, input] of [
      [described, "describeTable", {}],
      [described, "deleteTable", {}],
      [plain, "getItem", { Key: key }],
      [plain, "putItem", { Item: key }],
      [plain, "updateItem", { Key: key }],
      [plain, "deleteItem", { Key: key }],
      [plain, "scan", {}],
      [plain, "query", { KeyConditionExpression: "id = :id", ...values }],
      [plain, "batchGetItem", { RequestItems: { absent: { Keys: [key] } } }],
      [plain, "batchWriteItem", { RequestItems: { absent: [{ DeleteRequest: { Key: key } }] } }],
    ]) {
      // The SDK omits the table name if the operation has no such member.
      const call = () => client[operation]({ TableName: "absent", ...input });
      await assertFails(call, ResourceNotFoundException, message);
    }
  });

  it("of a repeated creation do not change the table", async () => {
    // Programs that create their tables at each start catch this class.
    await assertFails(
      () => client.createTable(definition("errors", "other")),
      ResourceInUseException,
      "Table already exists: errors",
    );
    const { Table: table } = await client.describeTable({ TableName: "errors" });
    assert.equal(table.KeySchema[0].AttributeName, "id");
    assert.equal(table.ItemCount, 1);
  });

  it("of validation have the service's texts", async () => {
    // For each operation one error that the SDK does not detect itself.
    const value = { ExpressionAttributeValues: { ":a": { S: "a" } } };
    for (const [operation, input, message] of [
      [
        "getItem",
        { Key: { id: { N: "1" } } },
        "The provided key element does not match the schema",
      ],
      [
        "putItem",
        { Item: { number: { N: "1" } } },
        "One or more parameter values were invalid: Missing the key id in the item",
      ],
      [
        "putItem",
        { Item: { id: { S: "" } } },
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot " +
          "contain an empty string value. Key: id",
      ],
      [
        "updateItem",
        { Key: key, UpdateExpression: "SET id = :a", ...value },
        "One or more parameter values were invalid: Cannot update attribute id. This attribute is " +
          "part of the key",
      ],
      [
        "updateItem",
        { Key: key, UpdateExpression: "ADD text :a", ...value },
        "1 validation error detected: Invalid UpdateExpression: Attribute name is a reserved " +
          "keyword; reserved keyword: text",
      ],
      [
        "deleteItem",
        { Key: key, ConditionExpression: "id = :b", ...value },
        "1 validation error detected: Invalid ConditionExpression: An expression attribute value " +
          "used in expression is not defined; attribute value: :b",
      ],
      [
        "query",
        { KeyConditionExpression: "sibling = :a", ...value },
        "Query condition missed key schema element: id",
      ],
      [
        "scan",
        { IndexName: "no_such_index" },
        "The table does not have the specified index: no_such_index",
      ],
      [
        "scan",
        { Limit: 0 },
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member " +
          "must have value greater than or equal to 1",
      ],
    ]) {
      const call = () => client[operation]({ TableName: "errors", ...input });
      await assertFails(call, "ValidationException", message);
    }
  });
});

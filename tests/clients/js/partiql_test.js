// PartiQL through the SDK: statements with parameters, pages, batches and transactions, and the
// document client.
//
// Source: guide, "PartiQL for DynamoDB"; api, ExecuteStatement, BatchExecuteStatement,
// ExecuteTransaction.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  ConditionalCheckFailedException,
  DuplicateItemException,
  DynamoDB,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ExecuteStatementCommand } from "@aws-sdk/lib-dynamodb";

import { assertFails, definition, useServer } from "./server_process.js";

describe("statements", () => {
  const server = useServer();
  let client;
  const run = (Statement, ...Parameters) =>
    client.executeStatement({ Statement, ...(Parameters.length ? { Parameters } : {}) });
  const itemOf = async (id) => (await run("SELECT * FROM songs WHERE id = ?", { S: id })).Items;

  before(async () => {
    client = server.client(DynamoDB);
    await client.createTable(definition("songs", "id"));
  });

  it("write and read", async () => {
    await run("INSERT INTO songs VALUE {'id': ?, 'plays': 1}", { S: "written" });
    const changed = await run(
      "UPDATE songs SET plays = plays + 1 WHERE id = 'written' RETURNING ALL NEW *",
    );
    const item = { id: { S: "written" }, plays: { N: "2" } };
    assert.deepEqual(changed.Items, [item]);
    assert.deepEqual(await itemOf("written"), [item]);
    await assertFails(
      () => run("INSERT INTO songs VALUE {'id': 'written'}"),
      DuplicateItemException,
    );
    await assertFails(
      () => run("UPDATE songs SET plays = 0 WHERE id = 'written' AND plays = 1"),
      ConditionalCheckFailedException,
    );
    await run("DELETE FROM songs WHERE id = 'written'");
    assert.deepEqual(await itemOf("written"), []);
  });

  it("have results in pages", async () => {
    // The SDK has no paginator for statements: programs follow NextToken. The document client
    // converts numbers and strings in both directions.
    const document = DynamoDBDocumentClient.from(server.client(DynamoDBClient));
    await client.createTable(definition("paged", "id", "at"));
    const numbers = [...Array(7).keys()];
    for (const number of numbers) {
      await document.send(
        new ExecuteStatementCommand({
          Statement: "INSERT INTO paged VALUE {'id': 'a', 'at': ?, 'number': ?}",
          Parameters: [String(number), number],
        }),
      );
    }
    const pages = [];
    let NextToken;
    do {
      const page = await document.send(
        new ExecuteStatementCommand({
          Statement: "SELECT number FROM paged WHERE id = ?",
          Parameters: ["a"],
          Limit: 3,
          NextToken,
        }),
      );
      pages.push(page.Items.map((item) => item.number));
      ({ NextToken } = page);
    } while (NextToken);
    assert.deepEqual(pages, [[0, 1, 2], [3, 4, 5], [6]]);
  });

  it("in a batch have a response each", async () => {
    const { Responses: responses } = await client.batchExecuteStatement({
      Statements: [
        { Statement: "INSERT INTO songs VALUE {'id': 'batched'}" },
        { Statement: "INSERT INTO songs VALUE {'id': 'batched', 'again': true}" },
        { Statement: "DELETE FROM songs WHERE id = 'absent'" },
      ],
    });
    assert.deepEqual(
      responses.map((response) => response.Error?.Code),
      [undefined, "DuplicateItem", undefined],
    );
  });

  it("in a transaction are atomic", async () => {
    await run("INSERT INTO songs VALUE {'id': 'there'}");
    const cancelled = await assertFails(
      () =>
        client.executeTransaction({
          TransactStatements: [
            { Statement: "INSERT INTO songs VALUE {'id': 'new'}" },
            { Statement: "INSERT INTO songs VALUE {'id': 'there'}" },
          ],
        }),
      TransactionCanceledException,
    );
    assert.deepEqual(
      cancelled.CancellationReasons.map((reason) => reason.Code),
      ["None", "DuplicateItem"],
    );
    assert.deepEqual(await itemOf("new"), []);
  });

  it("fail with the service's texts", async () => {
    await assertFails(
      () => run("SELECT * FORM songs"),
      "ValidationException",
      "Statement wasn't well formed, can't be processed: Expected FROM",
    );
  });
});

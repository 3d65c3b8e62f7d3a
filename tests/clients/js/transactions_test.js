// Transactions: atomic, with a reason for each action if they fail, and executed once for each
// token.
//
// Source: api, TransactWriteItems, TransactGetItems; guide, "Amazon DynamoDB Transactions: How it
// works". Where these leave the text open, responses of the live service that users have published:
// erlcloud pull request 607 (reasons), aws-sdk-net issue 1292 (ValidationError), pynamodb issues
// 809 and 1225 (unknown table, Item), localstack issue 6529 (order of attributes), and the
// dynamodb-conformance project's tests of error messages (keys, errors of the whole request).

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, it } from "node:test";

import {
  DynamoDB,
  DynamoDBClient,
  IdempotentParameterMismatchException,
  ResourceNotFoundException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  TransactGetCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";

import { assertFails, bare, definition, recordCommands, useServer } from "./server_process.js";

const CANCELLED = "Transaction cancelled, please refer cancellation reasons for specific reasons";

const account = (id, balance) => ({ id: { S: id }, balance: { N: String(balance) } });
const keyOf = (id) => ({ id: { S: id } });

// The actions of a transaction on the same table; `more` adds members or replaces them.
const put = (item, more) => ({ Put: { TableName: "accounts", Item: item, ...more } });
const remove = (id, more) => ({ Delete: { TableName: "accounts", Key: keyOf(id), ...more } });
const add = (id, amount, more) => ({
  Update: {
    TableName: "accounts",
    Key: keyOf(id),
    UpdateExpression: "SET balance = balance + :amount",
    ExpressionAttributeValues: { ":amount": { N: String(amount) } },
    ...more,
  },
});
const check = (id, condition, more) => ({
  ConditionCheck: {
    TableName: "accounts",
    Key: keyOf(id),
    ConditionExpression: condition,
    ...more,
  },
});
const get = (id, more) => ({ Get: { TableName: "accounts", Key: keyOf(id), ...more } });

describe("transactions", () => {
  const server = useServer();
  let client;

  before(async () => {
    client = server.client(DynamoDB);
    await client.createTable(definition("accounts", "id"));
    await client.createTable(definition("orders", "id", "at"));
  });

  const write = (actions, more) => client.transactWriteItems({ TransactItems: actions, ...more });
  const store = (item) => client.putItem({ TableName: "accounts", Item: item });
  const stored = async (id) =>
    (await client.getItem({ TableName: "accounts", Key: keyOf(id), ConsistentRead: true })).Item;

  // Checks that these actions are cancelled for these reasons. The message lists their codes.
  async function assertCancelled(actions, reasons) {
    const codes = reasons.map((reason) => reason.Code).join(", ");
    const message = `${CANCELLED} [${codes}]`;
    const error = await assertFails(() => write(actions), TransactionCanceledException, message);
    assert.deepEqual(error.CancellationReasons, reasons);
  }

  it("execute all their actions, in any table", async () => {
    // One action of each kind. The response is empty.
    await store(account("updated", 1));
    await store(account("deleted", 2));
    await store(account("checked", 3));
    const order = { id: { S: "o" }, at: { S: "1" }, data: { B: Uint8Array.of(0, 255) } };
    const written = await write([
      put(account("put", 4)),
      add("updated", 10),
      remove("deleted", { ConditionExpression: "attribute_exists(id)" }),
      check("checked", "balance = :three", { ExpressionAttributeValues: { ":three": { N: "3" } } }),
      put(order, { TableName: "orders" }),
    ]);
    assert.deepEqual(bare(written), {});
    assert.deepEqual(await stored("put"), account("put", 4));
    assert.deepEqual(await stored("updated"), account("updated", 11));
    assert.equal(await stored("deleted"), undefined);
    assert.deepEqual(await stored("checked"), account("checked", 3));
    assert.deepEqual((await client.scan({ TableName: "orders" })).Items, [order]);
  });

  it("read items in the order of the request", async () => {
    // Programs read the responses by position, so an absent item must keep its position.
    await store({ ...account("read", 1), tags: { SS: ["a"] } });
    await store(account("other", 2));
    const order = { id: { S: "read" }, at: { S: "1" } };
    await client.putItem({ TableName: "orders", Item: order });
    const read = await client.transactGetItems({
      TransactItems: [
        get("other"),
        get("nobody"),
        get("read", {
          ProjectionExpression: "#t, absent",
          ExpressionAttributeNames: { "#t": "tags" },
        }),
        get("read", { TableName: "orders", Key: order }),
      ],
    });
    assert.deepEqual(bare(read), {
      Responses: [
        { Item: account("other", 2) },
        {},
        { Item: { tags: { SS: ["a"] } } },
        { Item: order },
      ],
    });
  });

  it("have a reason for each action when they are cancelled", async () => {
    // Reasons are in the order of the actions, "None" for valid ones. A reason has the item only if
    // it was requested and exists. Nothing is written, not by the valid actions either.
    const kept = { ...account("kept", 5), data: { B: Uint8Array.of(1) } };
    await store(kept);
    const old = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
    const isNew = { ConditionExpression: "attribute_not_exists(id)" };
    const isThere = { ConditionExpression: "attribute_exists(id)" };
    const none = { Code: "None" };
    const failed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
    for (const [faulty, reason] of [
      [put(account("kept", 6), isNew), failed],
      [put(account("kept", 6), { ...isNew, ...old }), { ...failed, Item: kept }],
      [put(account("nobody", 6), { ...isThere, ...old }), failed],
      [remove("kept", { ...isNew, ...old }), { ...failed, Item: kept }],
      [remove("nobody", isThere), failed],
      [add("kept", 1, { ...isNew, ...old }), { ...failed, Item: kept }],
      [add("nobody", 1, { ...isThere, ...old }), failed],
      [check("kept", isNew.ConditionExpression, old), { ...failed, Item: kept }],
      [check("kept", isNew.ConditionExpression), failed],
      [check("nobody", isThere.ConditionExpression, old), failed],
    ]) {
      const actions = [put(account("fresh", 1)), faulty, remove("absent")];
      await assertCancelled(actions, [none, reason, none]);
    }
    await assertCancelled(
      [
        check("nobody", isThere.ConditionExpression),
        put(account("fresh", 1)),
        add("kept", 1, { ...isNew, ...old }),
      ],
      [failed, none, { ...failed, Item: kept }],
    );
    assert.deepEqual(await stored("kept"), kept);
    assert.equal(await stored("fresh"), undefined);
  });

  it("are cancelled by actions that cannot be applied", async () => {
    // An error that depends on the stored item is a reason, ValidationError, with the text of the
    // single operation; so is a key of another type.
    await store({ id: { S: "text" }, balance: { S: "much" } });
    await store({ id: { S: "empty" } });
    const wrongKey = { Key: { id: { N: "1" } } };
    const mismatch = "The provided key element does not match the schema";
    for (const [faulty, message] of [
      [
        add("empty", 1),
        "The provided expression refers to an attribute that does not exist in the item",
      ],
      [add("text", 1), "An operand in the update expression has an incorrect data type"],
      [remove("x", wrongKey), mismatch],
      [check("x", "attribute_exists(id)", wrongKey), mismatch],
      [
        put({ id: { N: "1" } }),
        "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N",
      ],
    ]) {
      const reason = { Code: "ValidationError", Message: message };
      await assertCancelled([put(account("fresh", 1)), faulty], [{ Code: "None" }, reason]);
    }
    assert.equal(await stored("fresh"), undefined);
  });

  it("with invalid requests fail before execution", async () => {
    // Errors of the request as a whole are plain errors without reasons.
    const oneItem = "Transaction request cannot include multiple operations on one item";
    const tooFew =
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: " +
      "Member must have length greater than or equal to 1";
    const read = (actions) => client.transactGetItems({ TransactItems: actions });
    for (const [call, message] of [
      [() => write([put(account("a", 1)), remove("a")]), oneItem],
      [() => write([add("a", 1), check("a", "attribute_exists(id)")]), oneItem],
      [() => read([get("a"), get("a")]), oneItem],
      [() => write([]), tooFew],
      [() => read([]), tooFew],
      [
        () => write([put(account("", 1))]),
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot " +
          "contain an empty string value. Key: id",
      ],
      [
        () => write([{ ...put(account("a", 1)), ...remove("b") }]),
        "TransactItems can only contain one of Check, Put, Update or Delete",
      ],
      [
        () => write([put(account("a", 1), { ConditionExpression: "id = :absent" })]),
        "Invalid ConditionExpression: An expression attribute value used in expression is not " +
          "defined; attribute value: :absent",
      ],
    ]) {
      await assertFails(call, "ValidationException", message);
    }
    const absent = { TableName: "absent" };
    for (const call of [
      () => write([put(account("a", 1), absent)]),
      () => read([get("a"), get("a", absent)]),
    ]) {
      await assertFails(call, ResourceNotFoundException, "Requested resource not found");
    }
    assert.equal(await stored("a"), undefined);
  });

  it("have at most a hundred actions", async () => {
    // The message contains the whole request in a special format; its end has the error.
    const puts = [...Array(101).keys()].map((number) => put(account(`many ${number}`, number)));
    const gets = [...Array(101).keys()].map((number) => get(`many ${number}`));
    const tooMany = {
      name: "ValidationException",
      message:
        / at 'transactItems' failed to .*: Member must have length less than or equal to 100$/,
    };
    await assert.rejects(write(puts), tooMany);
    await assert.rejects(client.transactGetItems({ TransactItems: gets }), tooMany);
    await write(puts.slice(1));
    const read = await client.transactGetItems({ TransactItems: gets.slice(1) });
    assert.deepEqual(
      read.Responses.map((response) => response.Item),
      puts.slice(1).map((action) => action.Put.Item),
    );
    assert.equal(await stored("many 0"), undefined);
  });

  it("are executed once for each token", async () => {
    // A program that got no response sends the same token again. Without a token the SDK generates
    // one for every call, so each call is a separate transaction.
    await store(account("once", 0));
    const token = { ClientRequestToken: randomUUID() };
    await write([add("once", 1)], token);
    assert.deepEqual(bare(await write([add("once", 1)], token)), {});
    assert.deepEqual(await stored("once"), account("once", 1));

    const sent = recordCommands(client);
    await write([add("once", 1)]);
    await write([add("once", 1)]);
    assert.deepEqual(
      sent.map((command) => command.name),
      ["TransactWriteItems", "TransactWriteItems"],
    );
    assert.deepEqual(await stored("once"), account("once", 3));
  });

  it("with a token are not repeated after other writes", async () => {
    // A repetition does not read the items: its condition and its values have no effect.
    const token = { ClientRequestToken: randomUUID() };
    const begin = () =>
      write([put(account("begun", 1), { ConditionExpression: "attribute_not_exists(id)" })], token);
    await begin();
    await store(account("begun", 2));
    await begin();
    assert.deepEqual(await stored("begun"), account("begun", 2));
  });

  it("with a token of another request are rejected", async () => {
    // Only the content of the request is compared: another order of attributes is equal, another
    // value is not. The service's message is not known, its class is.
    const token = { ClientRequestToken: randomUUID() };
    await write([put({ id: { S: "token" }, balance: { N: "1" } })], token);
    await write([put({ balance: { N: "1" }, id: { S: "token" } })], token);
    for (const actions of [
      [put(account("token", 2))],
      [put(account("token", 1)), remove("other")],
      [put(account("token", 1), { ConditionExpression: "attribute_exists(id)" })],
    ]) {
      await assertFails(() => write(actions, token), IdempotentParameterMismatchException);
    }
    assert.deepEqual(await stored("token"), account("token", 1));
  });

  it("report the consumed capacity", async () => {
    // Each item is prepared and then committed, so it counts twice; a repetition only reads.
    const token = { ClientRequestToken: randomUUID(), ReturnConsumedCapacity: "TOTAL" };
    const written = await write([put(account("counted", 1))], token);
    assert.deepEqual(written.ConsumedCapacity, [
      { TableName: "accounts", CapacityUnits: 2, WriteCapacityUnits: 2 },
    ]);
    const [repeated] = (await write([put(account("counted", 1))], token)).ConsumedCapacity;
    assert.equal(repeated.TableName, "accounts");
    assert.equal(repeated.WriteCapacityUnits ?? 0, 0);
    assert.ok(repeated.ReadCapacityUnits > 0);
    const read = await client.transactGetItems({
      TransactItems: [get("counted"), get("nobody")],
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(read.ConsumedCapacity, [
      { TableName: "accounts", CapacityUnits: 4, ReadCapacityUnits: 4 },
    ]);
  });

  it("are isolated from each other", async () => {
    // Transfers between two accounts while their sum is read. A transfer may be cancelled by a
    // conflict, but none is lost or partly visible.
    await store(account("left", 100));
    await store(account("right", 100));
    const orConflict = (call) =>
      call.catch((error) => {
        assert.ok(error instanceof TransactionCanceledException, error.message);
        const codes = error.CancellationReasons.map((reason) => reason.Code);
        assert.ok(codes.includes("TransactionConflict"), error.message);
        assert.ok(
          codes.every((code) => ["None", "TransactionConflict"].includes(code)),
          error.message,
        );
        return undefined;
      });
    const sum = async () => {
      const call = client.transactGetItems({ TransactItems: [get("left"), get("right")] });
      const balances = (await orConflict(call))?.Responses.map(({ Item }) =>
        Number(Item.balance.N),
      );
      if (balances) assert.equal(balances[0] + balances[1], 200);
      return balances;
    };
    const moves = [...Array(40).keys()].map((n) => (n % 2 ? n : -n));
    const results = await Promise.all(
      moves.map(async (amount) => {
        const [moved] = await Promise.all([
          orConflict(write([add("left", amount), add("right", -amount)])),
          sum(),
        ]);
        return moved ? amount : 0;
      }),
    );
    const moved = results.reduce((total, amount) => total + amount, 0);
    assert.deepEqual(await sum(), [100 + moved, 100 - moved]);
  });

  it("accept and return native values", async () => {
    // The document client marshals within the actions and unmarshals the responses by position.
    const documents = DynamoDBDocumentClient.from(server.client(DynamoDBClient));
    const item = {
      id: "native",
      tags: new Set(["a"]),
      data: Uint8Array.of(1, 2),
      nested: [{ n: 1.5 }],
    };
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: "accounts", Item: item } },
          {
            Update: {
              TableName: "accounts",
              Key: { id: "native too" },
              UpdateExpression: "SET seen = :seen",
              ExpressionAttributeValues: { ":seen": [true, null] },
            },
          },
        ],
      }),
    );
    const read = await documents.send(
      new TransactGetCommand({
        TransactItems: ["native", "nobody", "native too"].map((id) => ({
          Get: { TableName: "accounts", Key: { id } },
        })),
      }),
    );
    assert.deepEqual(
      read.Responses.map((response) => response.Item),
      [item, undefined, { id: "native too", seen: [true, null] }],
    );
  });
});

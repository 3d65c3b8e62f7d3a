// The life cycle of a table through the SDK: its waiters and paginators rely on the responses, and
// its decoder converts dates and numbers.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  DynamoDB,
  paginateListTables,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";

import {
  bare,
  collect,
  definition,
  keySchema,
  recordCommands,
  useServer,
} from "./server_process.js";

describe("tables", () => {
  const server = useServer();

  it("are created, waited for, described and deleted", async () => {
    // Programs wait after creating and deleting. The waiters must end with their first request, or
    // every such program would take twenty seconds longer.
    const client = server.client(DynamoDB);
    const commands = recordCommands(client);
    const started = Date.now();
    const created = await client.createTable(definition("life", "id", "at"));
    const waiting = { client, maxWaitTime: 60 };
    const exists = await waitUntilTableExists(waiting, { TableName: "life" });
    assert.equal(exists.state, "SUCCESS");

    const { Table: table } = await client.describeTable({ TableName: "life" });
    assert.equal(table.TableName, "life");
    assert.equal(table.TableStatus, "ACTIVE");
    assert.deepEqual(table.KeySchema, keySchema("id", "at"));
    assert.deepEqual(
      table.AttributeDefinitions,
      definition("life", "id", "at").AttributeDefinitions,
    );
    assert.equal(table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.deepEqual([table.ItemCount, table.TableSizeBytes], [0, 0]);
    assert.equal(table.TableArn, "arn:aws:dynamodb:us-east-1:000000000000:table/life");
    assert.equal(table.TableId, created.TableDescription.TableId);
    assert.deepEqual(table.CreationDateTime, created.TableDescription.CreationDateTime);
    const sinceStart = table.CreationDateTime.getTime() - started;
    assert.ok(
      Math.abs(sinceStart) < 60_000,
      `created ${sinceStart} ms after the start of the test`,
    );

    const deleted = await client.deleteTable({ TableName: "life" });
    assert.equal(deleted.TableDescription.TableStatus, "DELETING");
    const gone = await waitUntilTableNotExists(waiting, { TableName: "life" });
    assert.equal(gone.state, "SUCCESS");
    assert.deepEqual(
      commands.map((command) => command.name),
      ["CreateTable", "DescribeTable", "DescribeTable", "DeleteTable", "DescribeTable"],
    );
  });

  it("are waited for until the time limit", async () => {
    // A waiter for a state that is never reached gives up, and accepts no other response.
    const client = server.client(DynamoDB);
    await client.createTable(definition("waited_for", "id"));
    const waiting = { client, maxWaitTime: 0.2, minDelay: 0.05, maxDelay: 0.05 };
    for (const [wait, name] of [
      [waitUntilTableExists, "absent"],
      [waitUntilTableNotExists, "waited_for"],
    ]) {
      await assert.rejects(wait(waiting, { TableName: name }), { name: "TimeoutError" });
    }
  });

  it("show their indexes and throughput", async () => {
    // Programs compare the result of DescribeTable with the intended definition to decide whether
    // to change it.
    const client = server.client(DynamoDB);
    const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 2 };
    const local = {
      IndexName: "by_size",
      KeySchema: keySchema("id", "size"),
      Projection: { ProjectionType: "KEYS_ONLY" },
    };
    const global = {
      IndexName: "by_kind",
      KeySchema: keySchema("kind", "at"),
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["title"] },
      ProvisionedThroughput: throughput,
    };
    const { AttributeDefinitions, ...wanted } = {
      ...definition("indexed", "id", "at", "kind", "size"),
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: throughput,
      LocalSecondaryIndexes: [local],
      GlobalSecondaryIndexes: [global],
    };
    AttributeDefinitions[3].AttributeType = "N";
    await client.createTable({ AttributeDefinitions, ...wanted });
    const { Table: table } = await client.describeTable({ TableName: "indexed" });
    assert.deepEqual(
      table.AttributeDefinitions.map((one) => `${one.AttributeName} ${one.AttributeType}`).sort(),
      ["at S", "id S", "kind S", "size N"],
    );
    assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 5);
    assert.equal(table.ProvisionedThroughput.WriteCapacityUnits, 2);
    assert.deepEqual(
      table.LocalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
      [local],
    );
    assert.deepEqual(
      table.GlobalSecondaryIndexes.map((index) => ({
        IndexName: index.IndexName,
        KeySchema: index.KeySchema,
        Projection: index.Projection,
        ProvisionedThroughput: {
          ReadCapacityUnits: index.ProvisionedThroughput.ReadCapacityUnits,
          WriteCapacityUnits: index.ProvisionedThroughput.WriteCapacityUnits,
        },
      })),
      [global],
    );
    assert.equal(table.GlobalSecondaryIndexes[0].IndexStatus, "ACTIVE");
  });
});

describe("the account", () => {
  const server = useServer();

  it("lists its tables in pages", async () => {
    // The paginator follows LastEvaluatedTableName: names are in byte order, two per page, and the
    // last page has none.
    const client = server.client(DynamoDB);
    for (const name of ["table_b", "Table.A", "table-c", "TABLE", "table_a"]) {
      await client.createTable(definition(name, "id"));
    }
    const pages = await collect(paginateListTables({ client, pageSize: 2 }, {}));
    assert.deepEqual(pages.map(bare), [
      { TableNames: ["TABLE", "Table.A"], LastEvaluatedTableName: "Table.A" },
      { TableNames: ["table-c", "table_a"], LastEvaluatedTableName: "table_a" },
      { TableNames: ["table_b"] },
    ]);
  });

  it("has limits", async () => {
    // The quotas of a new account, from "Quotas in Amazon DynamoDB" in the Developer Guide.
    assert.deepEqual(bare(await server.client(DynamoDB).describeLimits({})), {
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    });
  });

  it("has an endpoint", async () => {
    // Clients with endpoint discovery continue with the returned address, so it must be the
    // server's.
    const { Endpoints: endpoints } = await server.client(DynamoDB).describeEndpoints({});
    assert.deepEqual(endpoints, [
      { Address: new URL(server.endpoint).host, CachePeriodInMinutes: 1440 },
    ]);
  });
});

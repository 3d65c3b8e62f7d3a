// The life cycle of a table through the SDK: it gets an index, its items expire, its changes are
// read from its stream, it is backed up and restored. The SDK waits, follows pages and decodes
// dates and error classes from the responses.
//
// Source: api, UpdateTable, UpdateTimeToLive, CreateBackup, UpdateContinuousBackups; streams api,
// GetRecords.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  BackupNotFoundException,
  DynamoDB,
  InvalidRestoreTimeException,
  PointInTimeRecoveryUnavailableException,
  TableAlreadyExistsException,
  TableNotFoundException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreams } from "@aws-sdk/client-dynamodb-streams";

import { assertFails, bare, definition, keySchema, useServer } from "./server_process.js";

const DAY_MILLISECONDS = 86_400_000;
const SECONDS_MAX = 20; // on a busy machine

// Creates a table with one item for each id.
async function create(client, TableName, ...ids) {
  await client.createTable(definition(TableName, "id"));
  for (const id of ids) await client.putItem({ TableName, Item: { id: { S: id } } });
}

async function idsOf(client, input) {
  const { Items: items } = await client.scan(input);
  return items.map((item) => item.id.S).sort();
}

describe("a table", () => {
  const server = useServer();

  it("can get an index and delete it", async () => {
    // Migrations add an index to a table with items, wait, and read it immediately.
    const client = server.client(DynamoDB);
    const TableName = "grown";
    await create(client, TableName, "without");
    await client.putItem({ TableName, Item: { id: { S: "with" }, kind: { S: "k" } } });
    const { TableDescription: changed } = await client.updateTable({
      TableName,
      AttributeDefinitions: [{ AttributeName: "kind", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "by_kind",
            KeySchema: keySchema("kind"),
            Projection: { ProjectionType: "ALL" },
          },
        },
      ],
    });
    assert.equal(changed.GlobalSecondaryIndexes[0].IndexName, "by_kind");
    await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
    assert.deepEqual(await idsOf(client, { TableName, IndexName: "by_kind" }), ["with"]);

    await client.updateTable({
      TableName,
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by_kind" } }],
    });
    const { Table: table } = await client.describeTable({ TableName });
    assert.equal(table.GlobalSecondaryIndexes, undefined);
    await assertFails(
      () => client.scan({ TableName, IndexName: "by_kind" }),
      "ValidationException",
      "The table does not have the specified index: by_kind",
    );
  });

  it("changes its billing and its protection", async () => {
    const client = server.client(DynamoDB);
    const TableName = "changed";
    await create(client, TableName);
    const ProvisionedThroughput = { ReadCapacityUnits: 7, WriteCapacityUnits: 3 };
    await client.updateTable({ TableName, BillingMode: "PROVISIONED", ProvisionedThroughput });
    await client.updateTable({ TableName, DeletionProtectionEnabled: true });
    const { Table: table } = await client.describeTable({ TableName });
    assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 7);
    assert.equal(table.DeletionProtectionEnabled, true);
    await assertFails(() => client.deleteTable({ TableName }), "ValidationException");
  });

  it("deletes expired items", async () => {
    const client = server.client(DynamoDB);
    const TableName = "expiring";
    await create(client, TableName);
    const specification = { AttributeName: "expires", Enabled: true };
    const answer = await client.updateTimeToLive({
      TableName,
      TimeToLiveSpecification: specification,
    });
    assert.deepEqual(answer.TimeToLiveSpecification, specification);
    const { TimeToLiveDescription: description } = await client.describeTimeToLive({ TableName });
    assert.deepEqual(description, { AttributeName: "expires", TimeToLiveStatus: "ENABLED" });

    const seconds = Math.floor(Date.now() / 1000);
    for (const [id, expires] of Object.entries({ gone: seconds - 60, stays: seconds + 3600 })) {
      const Item = { id: { S: id }, expires: { N: String(expires) } };
      await client.putItem({ TableName, Item });
    }
    const end = Date.now() + SECONDS_MAX * 1000;
    while ((await idsOf(client, { TableName })).length > 1 && Date.now() < end) await sleep(50);
    assert.deepEqual(await idsOf(client, { TableName }), ["stays"]);
  });

  it("has a stream of its changes", async () => {
    // The records that a Lambda gets: every change once, in order, with its images and a date.
    const client = server.client(DynamoDB);
    const streams = server.client(DynamoDBStreams);
    const TableName = "told";
    await client.createTable({
      ...definition(TableName, "id"),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    const key = { id: { S: "a" } };
    await client.putItem({ TableName, Item: { ...key, n: { N: "1" } } });
    await client.putItem({ TableName, Item: { ...key, n: { N: "2" }, b: { B: Buffer.of(255) } } });
    await client.deleteItem({ TableName, Key: key });

    const { Streams: listed } = await streams.listStreams({ TableName });
    const { Table: table } = await client.describeTable({ TableName });
    assert.deepEqual(
      listed.map((stream) => stream.StreamArn),
      [table.LatestStreamArn],
    );
    const { StreamDescription: stream } = await streams.describeStream({
      StreamArn: table.LatestStreamArn,
    });
    assert.equal(stream.StreamStatus, "ENABLED");
    const { ShardIterator } = await streams.getShardIterator({
      StreamArn: table.LatestStreamArn,
      ShardId: stream.Shards[0].ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    });
    const page = await streams.getRecords({ ShardIterator });
    assert.deepEqual(
      page.Records.map((record) => [
        record.eventName,
        record.dynamodb.OldImage?.n.N,
        record.dynamodb.NewImage?.n.N,
      ]),
      [
        ["INSERT", undefined, "1"],
        ["MODIFY", "1", "2"],
        ["REMOVE", "2", undefined],
      ],
    );
    assert.deepEqual([...page.Records[1].dynamodb.NewImage.b.B], [255]);
    const created = page.Records[0].dynamodb.ApproximateCreationDateTime;
    assert.ok(Math.abs(created.getTime() - Date.now()) < 60_000, String(created));
    const end = await streams.getRecords({ ShardIterator: page.NextShardIterator });
    assert.deepEqual(end.Records, []);
  });
});

describe("a backup", () => {
  const server = useServer();

  it("restores a table", async () => {
    const client = server.client(DynamoDB);
    const TableName = "lost";
    await create(client, TableName, "a", "b");
    const { BackupDetails: details } = await client.createBackup({
      TableName,
      BackupName: "nightly",
    });
    assert.ok(details.BackupCreationDateTime instanceof Date);
    const { BackupArn } = details;
    await client.putItem({ TableName, Item: { id: { S: "later" } } });
    await assertFails(
      () => client.restoreTableFromBackup({ TargetTableName: TableName, BackupArn }),
      TableAlreadyExistsException,
    );
    await client.deleteTable({ TableName });

    const { BackupSummaries: backups } = await client.listBackups({ TableName });
    assert.deepEqual(
      backups.map((backup) => [backup.BackupArn, backup.BackupStatus]),
      [[BackupArn, "AVAILABLE"]],
    );
    await client.restoreTableFromBackup({ TargetTableName: TableName, BackupArn });
    await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
    assert.deepEqual(await idsOf(client, { TableName }), ["a", "b"]);

    await client.deleteBackup({ BackupArn });
    await assertFails(() => client.describeBackup({ BackupArn }), BackupNotFoundException);
    await assertFails(
      () => client.createBackup({ TableName: "absent", BackupName: "none" }),
      TableNotFoundException,
    );
  });

  it("is created when a table with recovery is deleted", async () => {
    // It is kept for the recovery period, here seven days.
    const client = server.client(DynamoDB);
    const TableName = "mourned";
    await create(client, TableName, "a");
    const latest = { SourceTableName: TableName, UseLatestRestorableTime: true };
    await assertFails(
      () => client.restoreTableToPointInTime({ ...latest, TargetTableName: "copy" }),
      PointInTimeRecoveryUnavailableException,
    );
    const { ContinuousBackupsDescription: description } = await client.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 7,
      },
    });
    const recovery = description.PointInTimeRecoveryDescription;
    assert.equal(recovery.PointInTimeRecoveryStatus, "ENABLED");
    assert.equal(recovery.RecoveryPeriodInDays, 7);
    assert.ok(recovery.EarliestRestorableDateTime instanceof Date);
    await assertFails(
      () =>
        client.restoreTableToPointInTime({
          SourceTableName: TableName,
          TargetTableName: "copy",
          RestoreDateTime: new Date(0),
        }),
      InvalidRestoreTimeException,
    );
    await client.restoreTableToPointInTime({ ...latest, TargetTableName: "copy" });
    assert.deepEqual(await idsOf(client, { TableName: "copy" }), ["a"]);

    await client.deleteTable({ TableName });
    const { BackupSummaries: backups } = await client.listBackups({ BackupType: "SYSTEM" });
    assert.deepEqual(
      backups.map((backup) => backup.BackupName),
      ["mourned$DeletedTableBackup"],
    );
    const [{ BackupArn, BackupCreationDateTime: from, BackupExpiryDateTime: to }] = backups;
    assert.equal(to - from, 7 * DAY_MILLISECONDS);
    await client.restoreTableFromBackup({ TargetTableName: TableName, BackupArn });
    assert.deepEqual(await idsOf(client, { TableName }), ["a"]);
  });
});

// Terraform and CDK create a table with everything, wait until nothing of it is in progress, change
// one setting after another, and delete it. They stop at the first answer that they do not expect: a
// status that never ends, a change that is refused, a setting that is not shown.
//
// Source: the calls and their order are those of Terraform's aws_dynamodb_table and CloudFormation's
// AWS::DynamoDB::Table; api, UpdateTable; guide, "Using attribute-based access control with DynamoDB
// Streams".

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { DynamoDB, ResourceInUseException, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";

import { assertFails, keySchema, useServer } from "./server_process.js";

const TableName = "everything";
const MILLISECONDS_MAX = 20_000;
const Projection = { ProjectionType: "ALL" };
const Policy =
  '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:*","Resource":"*"}]}';

const units = (number) => ({ ReadCapacityUnits: number, WriteCapacityUnits: number });
const attributes = (...names) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: "S" }));

describe("a table of a deployment tool", () => {
  // Long enough for a second call while the first one is in progress.
  const server = useServer("--transition-ms", "400");
  let client;
  let table; // as it is described when nothing of it is in progress

  before(() => {
    client = server.client(DynamoDB);
  });

  async function waitUntilStable() {
    for (const end = Date.now() + MILLISECONDS_MAX; Date.now() < end; await sleep(20)) {
      ({ Table: table } = await client.describeTable({ TableName }));
      const indexes = table.GlobalSecondaryIndexes ?? [];
      const statuses = [
        table.TableStatus,
        table.WarmThroughput.Status,
        ...indexes.map((index) => index.IndexStatus),
      ];
      const encryption = table.SSEDescription?.Status ?? "ENABLED";
      if (encryption === "ENABLED" && statuses.every((status) => status === "ACTIVE")) return;
    }
    assert.fail("something of the table is in progress forever");
  }

  // Changes the table, which is UPDATING meanwhile and takes no other change.
  async function update(change) {
    const { TableDescription: changed } = await client.updateTable({ TableName, ...change });
    assert.equal(changed.TableStatus, "UPDATING");
    const other = { TableName, TableClass: "STANDARD" };
    await assertFails(() => client.updateTable(other), ResourceInUseException);
    await waitUntilStable();
    return changed;
  }

  async function tagsOf(ResourceArn) {
    const { Tags: tags } = await client.listTagsOfResource({ ResourceArn });
    return Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));
  }

  it("is created with everything", async () => {
    const { TableDescription: created } = await client.createTable({
      TableName,
      AttributeDefinitions: attributes("pk", "sk", "g", "l"),
      KeySchema: keySchema("pk", "sk"),
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: units(5),
      GlobalSecondaryIndexes: [
        {
          IndexName: "by_g",
          KeySchema: keySchema("g"),
          Projection,
          ProvisionedThroughput: units(5),
        },
      ],
      LocalSecondaryIndexes: [{ IndexName: "by_l", KeySchema: keySchema("pk", "l"), Projection }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      SSESpecification: { Enabled: true, SSEType: "KMS" },
      TableClass: "STANDARD_INFREQUENT_ACCESS",
      DeletionProtectionEnabled: true,
      Tags: [{ Key: "team", Value: "blue" }],
    });
    assert.equal(created.TableStatus, "CREATING");
    assert.equal(created.WarmThroughput, undefined);
    await waitUntilStable();
    assert.match(table.SSEDescription.KMSMasterKeyArn, /:key\/[0-9a-f-]{36}$/);
    assert.deepEqual(await tagsOf(table.TableArn), { team: "blue" });
  });

  it("has settings with calls of their own", async () => {
    const TimeToLiveSpecification = { Enabled: true, AttributeName: "expires" };
    await client.updateTimeToLive({ TableName, TimeToLiveSpecification });
    const { TimeToLiveDescription: expiry } = await client.describeTimeToLive({ TableName });
    assert.equal(expiry.TimeToLiveStatus, "ENABLED");
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification });
    for (const ResourceArn of [table.TableArn, table.LatestStreamArn]) {
      const { RevisionId } = await client.putResourcePolicy({ ResourceArn, Policy });
      const policy = await client.getResourcePolicy({ ResourceArn });
      assert.deepEqual([policy.Policy, policy.RevisionId], [Policy, RevisionId]);
    }
    const ResourceArn = table.LatestStreamArn;
    assert.deepEqual(await tagsOf(ResourceArn), {});
    await client.tagResource({ ResourceArn, Tags: [{ Key: "of", Value: "stream" }] });
    assert.deepEqual(await tagsOf(ResourceArn), { of: "stream" });
  });

  it("is changed one setting at a time", async () => {
    const Update = { IndexName: "by_g", ProvisionedThroughput: units(6) };
    const changed = await update({
      ProvisionedThroughput: units(7),
      GlobalSecondaryIndexUpdates: [{ Update }],
    });
    assert.equal(changed.ProvisionedThroughput.ReadCapacityUnits, 5);
    assert.equal(table.ProvisionedThroughput.ReadCapacityUnits, 7);
    assert.equal(table.GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits, 6);
    await update({ BillingMode: "PAY_PER_REQUEST" });
    assert.equal(table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    await update({ OnDemandThroughput: { MaxReadRequestUnits: 20 } });
    assert.deepEqual(table.OnDemandThroughput, { MaxReadRequestUnits: 20 });
    const WarmThroughput = { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5_000 };
    await update({ WarmThroughput });
    assert.deepEqual(table.WarmThroughput, { ...WarmThroughput, Status: "ACTIVE" });
    await update({ SSESpecification: { Enabled: false } });
    assert.equal(table.SSEDescription, undefined);
    await update({ TableClass: "STANDARD" });
    assert.equal(table.TableClassSummary.TableClass, "STANDARD");
  });

  it("gets and loses indexes", async () => {
    const Create = { IndexName: "late", KeySchema: keySchema("h"), Projection };
    await update({
      AttributeDefinitions: attributes("h"),
      GlobalSecondaryIndexUpdates: [{ Create }],
    });
    await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by_g" } }] });
    assert.deepEqual(
      table.GlobalSecondaryIndexes.map((index) => index.IndexName),
      ["late"],
    );
  });

  it("keeps the tags and the policy of a stream that is disabled", async () => {
    await update({ StreamSpecification: { StreamEnabled: false } });
    assert.equal(table.StreamSpecification, undefined);
    const ResourceArn = table.LatestStreamArn;
    assert.deepEqual(await tagsOf(ResourceArn), { of: "stream" });
    assert.equal((await client.getResourcePolicy({ ResourceArn })).Policy, Policy);
    assert.deepEqual(await tagsOf(table.TableArn), { team: "blue" });
  });

  it("is deleted when it is not protected any more", async () => {
    await assertFails(() => client.deleteTable({ TableName }), "ValidationException");
    await update({ DeletionProtectionEnabled: false });
    const { TableDescription: deleted } = await client.deleteTable({ TableName });
    assert.equal(deleted.TableStatus, "DELETING");
    assert.deepEqual([deleted.KeySchema, deleted.GlobalSecondaryIndexes], [undefined, undefined]);
    const waiter = { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
    await waitUntilTableNotExists(waiter, { TableName });
  });
});

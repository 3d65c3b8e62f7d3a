// Settings of tables that have no effect here: they must be returned as they were written. This
// file has those that Debian's boto3 does not know yet; tests/clients/test_settings.py has the
// others.
//
// Source: api, PutResourcePolicy, UpdateKinesisStreamingDestination; recorded responses.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { DynamoDB, PolicyNotFoundException } from "@aws-sdk/client-dynamodb";

import { assertFails, definition, useServer } from "./server_process.js";

describe("settings", () => {
  const server = useServer();
  let client;
  let ResourceArn;

  before(async () => {
    client = server.client(DynamoDB);
    const { TableDescription: table } = await client.createTable(definition("set", "id"));
    ResourceArn = table.TableArn;
  });

  it("include a policy", async () => {
    // A change of a policy names the revision that it is based on, so that no change is lost.
    await assertFails(() => client.getResourcePolicy({ ResourceArn }), PolicyNotFoundException);
    const policy = (effect) => ({
      Version: "2012-10-17",
      Statement: [
        { Effect: effect, Principal: "*", Action: "dynamodb:GetItem", Resource: ResourceArn },
      ],
    });
    const put = (effect, ExpectedRevisionId) =>
      client.putResourcePolicy({
        ResourceArn,
        Policy: JSON.stringify(policy(effect)),
        ExpectedRevisionId,
      });
    const first = await put("Allow", "NO_POLICY");
    const kept = await client.getResourcePolicy({ ResourceArn });
    assert.deepEqual(JSON.parse(kept.Policy), policy("Allow"));
    assert.equal(kept.RevisionId, first.RevisionId);
    await assertFails(() => put("Deny", "NO_POLICY"), PolicyNotFoundException);
    const second = await put("Deny", first.RevisionId);
    assert.notEqual(second.RevisionId, first.RevisionId);
    await client.deleteResourcePolicy({ ResourceArn });
    await assertFails(() => client.getResourcePolicy({ ResourceArn }), PolicyNotFoundException);
  });

  it("include the precision of a Kinesis destination", async () => {
    const StreamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/changes";
    const destination = { TableName: "set", StreamArn };
    const precisions = async () => {
      const answer = await client.describeKinesisStreamingDestination({ TableName: "set" });
      return answer.KinesisDataStreamDestinations.map(
        (each) => each.ApproximateCreationDateTimePrecision,
      );
    };
    await client.enableKinesisStreamingDestination({
      ...destination,
      EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "MILLISECOND" },
    });
    assert.deepEqual(await precisions(), ["MILLISECOND"]);
    const updated = await client.updateKinesisStreamingDestination({
      ...destination,
      UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "MICROSECOND" },
    });
    assert.equal(updated.DestinationStatus, "UPDATING");
    assert.deepEqual(await precisions(), ["MICROSECOND"]);
  });

  it("include the mode of contributor insights", async () => {
    const updated = await client.updateContributorInsights({
      TableName: "set",
      ContributorInsightsAction: "ENABLE",
      ContributorInsightsMode: "THROTTLED_KEYS",
    });
    assert.equal(updated.ContributorInsightsMode, "THROTTLED_KEYS");
    const { ContributorInsightsSummaries: summaries } = await client.listContributorInsights({});
    assert.deepEqual(summaries, [
      {
        TableName: "set",
        ContributorInsightsStatus: "ENABLED",
        ContributorInsightsMode: "THROTTLED_KEYS",
      },
    ]);
  });
});

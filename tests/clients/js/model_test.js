// Holds the server against a model of the service: each operation exists or is refused, and each
// member of its input is read or refused by name. The version of the model is pinned in
// model/package.json; raising it shows what is new.

import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { readOperations, requestWith } from "./model/service_model.js";
import { useServer } from "./server_process.js";

const SERVICES = [
  { packageName: "client-dynamodb", target: "DynamoDB_20120810" },
  { packageName: "client-dynamodb-streams", target: "DynamoDBStreams_20120810" },
];

// Missing, as docs/support.md says.
const UNKNOWN_OPERATIONS = [
  "CancelBulkOperation",
  "DescribeBulkOperation",
  "ListBulkOperations",
  "SearchVectors",
  "StartBulkPutItems",
];

// Operations that always fail, whatever their parameters are: there are no replicas.
const FAILING_OPERATIONS = {
  UpdateGlobalTableSettings: { GlobalTableName: "Music" },
  UpdateTableReplicaAutoScaling: { TableName: "Music" },
};

// Members that are refused by name, and all that is in them.
const REFUSED_MEMBERS = {
  CreateTable: ["GlobalTableSettingsReplicationMode", "GlobalTableSourceArn", "VectorIndexes"],
  ExportTableToPointInTime: ["FilterSpecification"],
  ImportTable: ["TableCreationParameters.VectorIndexes"],
  RestoreTableFromBackup: ["VectorIndexOverride"],
  RestoreTableToPointInTime: ["VectorIndexOverride"],
  UpdateTable: [
    "DisassociationProtectionEnabled",
    "GlobalTableSettingsReplicationMode",
    "GlobalTableWitnessUpdates",
    "MultiRegionConsistency",
    "ReplicaUpdates",
    "VectorIndexUpdates",
  ],
};

// A value of another type for each type of the model. The server checks types before anything else.
const WRONG_VALUES = {
  string: 5,
  number: "text",
  boolean: 5,
  timestamp: "text",
  blob: 5,
  list: "text",
  map: "text",
  structure: "text",
};

const RIGHT_VALUES = {
  string: "text",
  number: 5,
  boolean: true,
  list: [{ Create: { RegionName: "eu-west-1" } }],
  structure: { FilterExpression: "text" },
};

suite("The newest model of the service", () => {
  const server = useServer();

  // Sends a request and returns its error as {type, message}; an empty one for a success.
  async function errorOf(target, operation, body) {
    const response = await fetch(server.endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": `${target}.${operation}`,
        "X-Amz-Date": "20261101T000000Z",
        Authorization:
          "AWS4-HMAC-SHA256 Credential=tests/20261101/us-east-1/dynamodb/aws4_request, " +
          "SignedHeaders=host;x-amz-date, Signature=0",
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return {
      type: (answer.__type ?? "").split("#").at(-1),
      message: answer.message ?? answer.Message ?? "",
    };
  }

  const isRefused = (operation, path) =>
    (REFUSED_MEMBERS[operation] ?? []).some(
      (refused) => path === refused || path.startsWith(`${refused}.`),
    );

  for (const { packageName, target } of SERVICES) {
    for (const { name, members, enums } of readOperations(packageName)) {
      test(`${name}: its members`, async () => {
        if (UNKNOWN_OPERATIONS.includes(name)) {
          assert.equal((await errorOf(target, name, {})).type, "UnknownOperationException");
          return;
        }
        if (name in FAILING_OPERATIONS) {
          const { type } = await errorOf(target, name, FAILING_OPERATIONS[name]);
          assert.match(type, /NotFoundException$|^ValidationException$/);
          return;
        }
        const ignored = [];
        for (const { path, kind } of members) {
          if (isRefused(name, path.join("."))) continue;
          const { type } = await errorOf(target, name, requestWith(path, WRONG_VALUES[kind]));
          if (type !== "SerializationException") ignored.push(path.join("."));
        }
        assert.deepEqual(ignored, [], "members that the server does not read");
      });

      test(`${name}: the values of its enums`, async () => {
        for (const { path, enumValues } of enums) {
          if (name in FAILING_OPERATIONS || isRefused(name, path.join("."))) continue;
          for (const value of enumValues) {
            const { message } = await errorOf(target, name, requestWith(path, value));
            assert.doesNotMatch(message, /enum value set/, `${path.join(".")}: ${value}`);
          }
        }
      });

      for (const refused of REFUSED_MEMBERS[name] ?? []) {
        test(`${name}: refuses ${refused} by name`, async () => {
          const path = refused.split(".");
          const member = members.find((candidate) => candidate.path.join(".") === refused);
          assert.ok(member, "no longer in the model");
          const request = requestWith(path, RIGHT_VALUES[member.kind]);
          const { type, message } = await errorOf(target, name, { TableName: "Music", ...request });
          assert.equal(type, "ValidationException");
          assert.ok(message.includes(path.at(-1)), message);
        });
      }
    }
  }

  test("the lists of this file name nothing that the model does not have", () => {
    const names = SERVICES.flatMap(({ packageName }) => readOperations(packageName)).map(
      ({ name }) => name,
    );
    const listed = [
      ...UNKNOWN_OPERATIONS,
      ...Object.keys(FAILING_OPERATIONS),
      ...Object.keys(REFUSED_MEMBERS),
    ];
    assert.deepEqual(
      listed.filter((name) => !names.includes(name)),
      [],
    );
  });
});

// Starts and stops the server as a separate process, and creates clients for it.
//
// The SDK depends on the process as much as on the responses. Each test file has its own server;
// tests within a file use different table names.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";

const BINARY =
  process.env.PAGETURNER_BINARY ??
  fileURLToPath(new URL("../../../build/release/pageturner", import.meta.url));
const MILLISECONDS_MAX = 20_000;

// The SDK reads settings from the environment and from files in the home directory, and the server
// from the environment. A user's own must not reach the tests.
for (const name of Object.keys(process.env)) {
  if (/^(AWS|PAGETURNER)_/.test(name)) delete process.env[name];
}
process.env.AWS_CONFIG_FILE = devNull;
process.env.AWS_SHARED_CREDENTIALS_FILE = devNull;

class ServerProcess {
  #clients = [];

  async start(flags) {
    this.process = spawn(BINARY, ["--host", "127.0.0.1", "--port", "0", ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A test file that crashes must not leave its server running.
    process.once("exit", () => this.process.kill("SIGKILL"));
    this.ended = once(this.process, "close");
    this.errors = text(this.process.stderr);
    const lines = createInterface({ input: this.process.stdout });
    this.laterLines = [];
    const firstLine = await new Promise((resolve, reject) => {
      this.ended.then(
        async () => reject(new Error(`no start-up line: ${await this.errors}`)),
        reject,
      );
      lines.once("line", (line) => {
        // The second line is a hint for users.
        lines.once("line", () => lines.on("line", (later) => this.laterLines.push(later)));
        resolve(line);
      });
    });
    const port = /listens on http:\/\/\S+:(\d+)$/.exec(firstLine)?.[1];
    assert.ok(port, `the start-up line names no port: ${firstLine}`);
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  // Stops the process, which must exit with 0 and have printed only its first two lines.
  async stop() {
    for (const client of this.#clients) client.destroy();
    if (!this.endpoint) {
      this.process.kill("SIGKILL");
      return;
    }
    this.process.kill("SIGTERM");
    const tooSlow = setTimeout(() => this.process.kill("SIGKILL"), MILLISECONDS_MAX);
    const [code, signal] = await this.ended;
    clearTimeout(tooSlow);
    assert.deepEqual([code, signal, this.laterLines, await this.errors], [0, null, [], ""]);
  }

  // Returns a client of the class, DynamoDBClient or DynamoDB. It never retries: a retry could hide
  // a wrong response.
  client(ClientClass) {
    const client = new ClientClass({
      endpoint: this.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "tests", secretAccessKey: "tests" },
      maxAttempts: 1,
      requestHandler: { requestTimeout: MILLISECONDS_MAX, throwOnRequestTimeout: true },
    });
    this.#clients.push(client);
    return client;
  }
}

// Returns a server with these flags that runs during the tests of the enclosing suite.
export function useServer(...flags) {
  const server = new ServerProcess();
  before(() => server.start(flags));
  after(() => server.stop());
  return server;
}

// Returns an array to which the name and the input of each command of the client are appended.
export function recordCommands(client) {
  const commands = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      commands.push({ name: context.commandName.replace(/Command$/, ""), input: args.input });
      return next(args);
    },
    { step: "initialize" },
  );
  return commands;
}

// Returns the input of CreateTable for a table with string keys.
export function definition(name, ...keyNames) {
  return {
    TableName: name,
    KeySchema: keySchema(...keyNames),
    AttributeDefinitions: keyNames.map((key) => ({ AttributeName: key, AttributeType: "S" })),
    BillingMode: "PAY_PER_REQUEST",
  };
}

export function keySchema(hashKey, rangeKey) {
  const hash = { AttributeName: hashKey, KeyType: "HASH" };
  return rangeKey ? [hash, { AttributeName: rangeKey, KeyType: "RANGE" }] : [hash];
}

// Returns an array of the values of an async iterator, such as the SDK's paginators.
export async function collect(pages) {
  const all = [];
  for await (const page of pages) all.push(page);
  return all;
}

// Returns a response without the members that the SDK adds.
export function bare({ $metadata, ...answer }) {
  return answer;
}

// Checks that a call fails with this class, message and status 400, and returns the error. A name
// instead of a class stands for an error that is not in the service model, such as
// "ValidationException": the SDK throws a DynamoDBServiceException for these. Without `message` any
// message is accepted.
export async function assertFails(call, classOrName, message) {
  const error = await call().then(
    () => assert.fail("the call should have failed"),
    (thrown) => thrown,
  );
  const isClass = typeof classOrName === "function";
  assert.equal(error.name, isClass ? classOrName.name : classOrName, error.message);
  assert.equal(error.constructor, isClass ? classOrName : DynamoDBServiceException);
  if (message !== undefined) assert.equal(error.message, message);
  assert.equal(error.$fault, "client");
  assert.equal(error.$metadata.httpStatusCode, 400);
  assert.match(error.$metadata.requestId, /^[0-9A-Z]{52}$/);
  return error;
}

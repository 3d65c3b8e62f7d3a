// Starts the server as a process of its own, stops it again, and makes clients of it.
//
// What the SDK sees depends on the process as much as on the answers. Each test file has a server
// to itself; within a file, tests keep apart by the names of their tables.

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

  async start() {
    this.process = spawn(BINARY, ["--host", "127.0.0.1", "--port", "0"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A test file that dies must not leave its server behind.
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
        // The second line is a hint for people.
        lines.once("line", () => lines.on("line", (later) => this.laterLines.push(later)));
        resolve(line);
      });
    });
    const port = /listens on http:\/\/\S+:(\d+)$/.exec(firstLine)?.[1];
    assert.ok(port, `the start-up line names no port: ${firstLine}`);
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  // Ends the process, which has to end well and to have printed nothing but its first two lines.
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

  // Returns a client of the class, DynamoDBClient or DynamoDB. It never retries: a client that does
  // would hide an answer that should not have been one.
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

// Returns a server that runs while the tests of the enclosing suite do.
export function useServer() {
  const server = new ServerProcess();
  before(() => server.start());
  after(() => server.stop());
  return server;
}

// Returns an array that gets the name and the input of each command the client sends from now on.
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

// Returns all that an async iterator yields, which is what the SDK's paginators are.
export async function collect(pages) {
  const all = [];
  for await (const page of pages) all.push(page);
  return all;
}

// Returns an answer without what the SDK adds of its own.
export function bare({ $metadata, ...answer }) {
  return answer;
}

// Checks that a call fails with this class, message and status 400, and returns the error. A name
// in place of a class stands for an error that the service model does not know, such as
// "ValidationException": the SDK makes a DynamoDBServiceException of these. Without a message, any
// one will do.
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

// Reads the model of the service from the packages of the JavaScript SDK: operations, the members
// of their inputs, and the values of enums. Only the files are read; the SDK itself does not run, so
// that this works with a node older than the SDK requires.

import { readFileSync } from "node:fs";

const packages = new URL("node_modules/@aws-sdk/", import.meta.url);

// The numbers that the SDK's schemas have for types.
const simpleTypes = { 0: "string", 1: "number", 2: "boolean", 4: "timestamp", 21: "blob" };
const LIST_OF = 64;
const MAP_OF = 128;
const [SIMPLE, LIST, MAP, STRUCTURE, UNION] = [0, 1, 2, 3, 4];

// Returns the schemas of the operations of a package. Their file is evaluated without its imports and its registries
// of error classes, which are for the running SDK.
function readSchemas(packageName) {
  const file = new URL(`${packageName}/dist-es/schemas/schemas_0.js`, packages);
  const source = readFileSync(file, "utf8")
    .replace(/^export const errorTypeRegistries = \[[^\]]*\];/m, "")
    .split("\n")
    .filter((line) => !/^import |_registry\b/.test(line))
    .join("\n");
  const names = [...source.matchAll(/^export var (\S+) = \[9,/gm)].map(([, name]) => name);
  return new Function(`${source.replace(/^export /gm, "")}\nreturn [${names}];`)();
}

// Returns a schema as {kind, element} or {kind, name, members}. `type` is a number, a function that
// returns a schema, or a schema.
function readType(type) {
  if (typeof type === "function") return readType(type());
  if (typeof type === "number") {
    if (type & MAP_OF) return { kind: "map", element: type & ~MAP_OF };
    if (type & LIST_OF) return { kind: "list", element: type & ~LIST_OF };
    if (!(type in simpleTypes)) throw new Error(`unknown type ${type}`);
    return { kind: simpleTypes[type] };
  }
  const [kind, namespace, name, , ...rest] = type;
  if (typeof namespace !== "string") return readType(kind); // a type with traits of the member
  switch (kind) {
    case SIMPLE:
      return readType(rest[0]);
    case LIST:
      return { kind: "list", element: rest[0] };
    case MAP:
      return { kind: "map", element: rest[1] };
    case STRUCTURE:
    case UNION:
      return { kind: "structure", name, members: rest[0].map((member, i) => [member, rest[1][i]]) };
    default:
      throw new Error(`unknown schema ${kind} ${name}`);
  }
}

// Returns the values of each enum, by its name.
function readEnums(packageName) {
  const text = readFileSync(new URL(`${packageName}/dist-types/models/enums.d.ts`, packages), "utf8");
  const enums = new Map();
  for (const [, name, body] of text.matchAll(/export declare const (\w+): \{([^}]*)\}/g)) {
    enums.set(name, [...body.matchAll(/: "([^"]+)"/g)].map(([, value]) => value));
  }
  return enums;
}

// Returns the enum of each member that has one, as "Structure.Member" to values.
function readEnumMembers(packageName) {
  const enums = readEnums(packageName);
  const text = readFileSync(new URL(`${packageName}/dist-types/models/models_0.d.ts`, packages), "utf8");
  const found = new Map();
  for (const [, structure, body] of text.matchAll(/^export interface (\w+) .*?\{\n(.*?)^\}/gms)) {
    for (const [, member, type] of body.matchAll(/^    (\w+)\??: (\w+)(?:\[\])? \| undefined;/gm)) {
      if (enums.has(type)) found.set(`${structure}.${member}`, enums.get(type));
    }
  }
  return found;
}

// Calls visit({path, kind, enumValues}) for `type` and everything in it. `path` is a list of the names
// of members, "[]" for an element of a list and "{}" for a value of a map. A structure inside itself
// (an AttributeValue) is visited once.
function walk(type, enumMembers, visit, path = [], around = []) {
  const shape = readType(type);
  visit({ path, kind: shape.kind });
  if (shape.kind === "list") walk(shape.element, enumMembers, visit, [...path, "[]"], around);
  if (shape.kind === "map") walk(shape.element, enumMembers, visit, [...path, "{}"], around);
  if (shape.kind !== "structure" || around.includes(shape.name)) return;
  for (const [member, memberType] of shape.members) {
    const memberPath = [...path, member];
    const enumValues = enumMembers.get(`${shape.name}.${member}`);
    if (enumValues) visit({ path: memberPath, kind: "enum", enumValues });
    walk(memberType, enumMembers, visit, memberPath, [...around, shape.name]);
  }
}

// Returns the operations of a package as [{name, members: [{path, kind}], enums: [{path, enumValues}]}].
export function readOperations(packageName) {
  const enumMembers = readEnumMembers(packageName);
  const operations = [];
  for (const schema of readSchemas(packageName)) {
    const operation = { name: schema[2], members: [], enums: [] };
    walk(schema[4], enumMembers, ({ path, kind, enumValues }) => {
      if (path.length === 0) return;
      if (kind === "enum") operation.enums.push({ path, enumValues });
      else operation.members.push({ path, kind });
    });
    operations.push(operation);
  }
  return operations;
}

// Returns a request that has `value` at `path`, and nothing else.
export function requestWith(path, value) {
  return path.reduceRight((inner, step) => {
    if (step === "[]") return [inner];
    return { [step === "{}" ? "k" : step]: inner };
  }, value);
}

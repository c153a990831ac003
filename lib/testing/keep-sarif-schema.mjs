// The part of SARIF's JSON schema that findings are checked against, from the schema that the package @microsoft/jest-sarif of npm carries:
//   node lib/testing/keep-sarif-schema.mjs lib/schemas/sarif-2.1.0-rtm.5.json > lib/core/sarif/fixtures/schema.json
import { readFileSync } from 'node:fs';

const schema = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
/** Definitions that a log of ours can be of; what leads to others is refused by whoever checks with what is kept. */
const KEPT = [
  'artifactLocation',
  'location',
  'logicalLocation',
  'message',
  'multiformatMessageString',
  'physicalLocation',
  'propertyBag',
  'region',
  'reportingConfiguration',
  'reportingDescriptor',
  'result',
  'run',
  'suppression',
  'tool',
  'toolComponent',
];

/** Without what says nothing about validity. */
function rules(/** @type {any} */ node) {
  if (Array.isArray(node)) return node.map(rules);
  if (typeof node !== 'object' || node === null) return node;
  const { description: _, default: __, ...rest } = node;
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === 'properties' || key === 'definitions' ? membersOf(value) : key === 'enum' ? value : rules(value),
    ]),
  );
}

function membersOf(/** @type {Record<string, any>} */ members) {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, rules(value)]));
}

const { properties, required, additionalProperties, title } = schema;
const definitions = Object.fromEntries(KEPT.map((name) => [name, schema.definitions[name]]));
const kept = { title, ...rules({ type: 'object', required, additionalProperties, properties, definitions }) };
process.stdout.write(`${JSON.stringify(kept, null, 1)}\n`);

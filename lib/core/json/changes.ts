import { type JsonNode, readTree, writeTree } from './tree';

/**
 * In what ways a text differs from the writer's own spelling of the same record, in words: `spacing`, `escapes`, `number form`,
 * `key order`. Empty when they differ in none of these, or nest too deep to tell.
 */
export function changesBetween(text: string, original: string): string[] {
  const [found, expected] = [readTree(text), readTree(original)];
  if (!found || !expected) return [];
  const changes = new Set<string>();
  if (tight(found).length !== text.length) changes.add('spacing');
  const waiting: [JsonNode, JsonNode][] = [[found, expected]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) compare(...pair, changes, waiting);
  return [...changes];
}

/** Compares two nodes; what is in them is left `waiting`. */
function compare(found: JsonNode, expected: JsonNode, changes: Set<string>, waiting: [JsonNode, JsonNode][]): void {
  if (found.kind === 'string' && expected.kind === 'string' && found.raw !== expected.raw) changes.add('escapes');
  if (found.kind === 'literal' && expected.kind === 'literal' && found.raw !== expected.raw) changes.add('number form');
  if (found.kind === 'array' && expected.kind === 'array') {
    for (const [index, item] of found.items.entries()) {
      const counterpart = expected.items[index];
      if (counterpart) waiting.push([item, counterpart]);
    }
  }
  if (found.kind === 'object' && expected.kind === 'object') {
    // A repeated key counts with its last value, at its first place, as in JSON.parse.
    const ours = new Map(found.members.map((member) => [member.key, member]));
    const theirs = new Map(expected.members.map((member) => [member.key, member]));
    const common = (from: Map<string, unknown>, other: Map<string, unknown>) =>
      [...from.keys()].filter((key) => other.has(key)).join('\0');
    if (common(ours, theirs) !== common(theirs, ours)) changes.add('key order');
    for (const [key, member] of ours) {
      const counterpart = theirs.get(key);
      if (!counterpart) continue;
      if (member.rawKey !== counterpart.rawKey) changes.add('escapes');
      waiting.push([member.value, counterpart.value]);
    }
  }
}

function tight(node: JsonNode): string {
  return writeTree(node, { leaf: ({ raw }) => raw, members: (members) => members, key: ({ rawKey }) => rawKey }) ?? ''; // every leaf can be written
}

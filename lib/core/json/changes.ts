import { type JsonNode, readTree } from './tree';

/**
 * In what ways a text differs from the writer's own spelling of the same record, in words: `spacing`, `escapes`, `number form`,
 * `key order`. Empty when they differ in none of these, or nest too deep to tell.
 */
export function changesBetween(text: string, original: string): string[] {
  const [found, expected] = [readTree(text), readTree(original)];
  if (!found || !expected) return [];
  const changes = new Set<string>();
  if (tight(found).length !== text.length) changes.add('spacing');
  compare(found, expected, changes);
  return [...changes];
}

function compare(found: JsonNode, expected: JsonNode, changes: Set<string>): void {
  if (found.kind === 'string' && expected.kind === 'string' && found.raw !== expected.raw) changes.add('escapes');
  if (found.kind === 'literal' && expected.kind === 'literal' && found.raw !== expected.raw) changes.add('number form');
  if (found.kind === 'array' && expected.kind === 'array') {
    for (const [index, item] of found.items.entries()) {
      const counterpart = expected.items[index];
      if (counterpart) compare(item, counterpart, changes);
    }
  }
  if (found.kind === 'object' && expected.kind === 'object') {
    // A repeated key counts with its last value, at its first place, as in JSON.parse.
    const ours = new Map(found.members.map((member) => [member.key, member]));
    const theirs = new Map(expected.members.map((member) => [member.key, member]));
    const common = (from: Map<string, unknown>, other: Map<string, unknown>) => [...from.keys()].filter((key) => other.has(key)).join('\0');
    if (common(ours, theirs) !== common(theirs, ours)) changes.add('key order');
    for (const [key, member] of ours) {
      const counterpart = theirs.get(key);
      if (!counterpart) continue;
      if (member.rawKey !== counterpart.rawKey) changes.add('escapes');
      compare(member.value, counterpart.value, changes);
    }
  }
}

function tight(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${node.members.map(({ rawKey, value }) => `${rawKey}:${tight(value)}`).join(',')}}`;
    case 'array':
      return `[${node.items.map(tight).join(',')}]`;
    default:
      return node.raw;
  }
}

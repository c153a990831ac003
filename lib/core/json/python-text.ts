import { lastSorted } from './code-points';
import { pythonFloat } from './number-text';
import { type JsonNode, writeTree } from './tree';

const SHORT: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/**
 * What Python's `json.dumps(json.loads(text), separators=(',', ':'), sort_keys=True)` writes: keys by code point, of repeated keys the
 * last value, ASCII only, integers exact, other numbers by `repr`. `without` leaves out members of the outermost object.
 */
export function pythonText(node: JsonNode, without?: string): string {
  const outermost =
    without !== undefined && node.kind === 'object'
      ? { ...node, members: node.members.filter(({ key }) => key !== without) }
      : node;
  const text = writeTree(outermost, {
    leaf: (leaf) => (leaf.kind === 'string' ? quote(leaf.value) : literal(leaf.raw)),
    members: lastSorted,
    key: ({ key }) => quote(key),
  });
  return text ?? ''; // every leaf can be written
}

function literal(raw: string): string {
  if (/^-?\d+$/.test(raw)) return raw === '-0' ? '0' : raw;
  return /^-?\d/.test(raw) ? pythonFloat(Number(raw)) : raw;
}

function quote(value: string): string {
  return `"${value.replaceAll(/[^\x20-\x7e]|["\\]/g, (unit) => SHORT[unit] ?? escaped(unit))}"`;
}

function escaped(character: string): string {
  let text = '';
  for (let at = 0; at < character.length; at += 1)
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}

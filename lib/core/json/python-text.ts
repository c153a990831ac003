import { byCodePoint } from './code-points';
import { pythonFloat } from './number-text';
import type { JsonNode } from './tree';

const SHORT: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

/**
 * What Python's `json.dumps(json.loads(text), separators=(',', ':'), sort_keys=True)` writes: keys by code point, of repeated keys the
 * last value, ASCII only, integers exact, other numbers by `repr`. `without` leaves out members of the outermost object.
 */
export function pythonText(node: JsonNode, without?: string): string {
  switch (node.kind) {
    case 'object': {
      const last = new Map(node.members.map(({ key, value }) => [key, value]));
      if (without !== undefined) last.delete(without);
      const sorted = [...last].toSorted(([a], [b]) => byCodePoint(a, b));
      return `{${sorted.map(([key, value]) => `${quote(key)}:${pythonText(value)}`).join(',')}}`;
    }
    case 'array':
      return `[${node.items.map((item) => pythonText(item)).join(',')}]`;
    case 'string':
      return quote(node.value);
    default:
      return literal(node.raw);
  }
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
  for (let at = 0; at < character.length; at += 1) text += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return text;
}

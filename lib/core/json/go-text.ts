import { lastSorted } from './code-points';
import { goFloat } from './number-text';
import { type JsonNode, writeTree } from './tree';

/** How a Go program was built and fed: before Go 1.22 `\b` and `\f` had no short escapes; a `json.Number` keeps its token. */
export type GoStyle = { shortEscapes: boolean; numbers: 'float64' | 'as-written' };

/**
 * What Go's encoding/json writes of a value it read into `any`: keys by UTF-8 bytes, of repeated keys the last value, `<`, `>`, `&` and
 * U+2028/9 escaped, lone surrogates replaced. Null when a number is too large for a float64, which Go does not read.
 */
export function goText(node: JsonNode, style: GoStyle): string | null {
  return writeTree(node, {
    leaf: (leaf) => (leaf.kind === 'string' ? goQuote(leaf.value, style) : literal(leaf.raw, style)),
    members: (members) => lastSorted(members.map((member) => ({ ...member, key: member.key.toWellFormed() }))),
    key: ({ key }) => goQuote(key, style),
  });
}

function literal(raw: string, { numbers }: GoStyle): string | null {
  if (!/^-?\d/.test(raw) || numbers === 'as-written') return raw;
  const value = Number(raw);
  return Number.isFinite(value) ? goFloat(value) : null;
}

const SHORT: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const SHORT_SINCE_1_22: Record<string, string> = { '\b': '\\b', '\f': '\\f' };

export function goQuote(value: string, { shortEscapes }: Pick<GoStyle, 'shortEscapes'>): string {
  const escape = (unit: string) =>
    SHORT[unit] ??
    (shortEscapes ? SHORT_SINCE_1_22[unit] : undefined) ??
    `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // eslint-disable-next-line no-control-regex
  return `"${value.toWellFormed().replaceAll(/[\x00-\x1f"\\<>&\u2028\u2029]/g, escape)}"`;
}

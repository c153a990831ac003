import { byCodePoint } from './code-points';
import { goFloat } from './number-text';
import type { JsonNode } from './tree';

/** How a Go program was built and fed: before Go 1.22 `\b` and `\f` had no short escapes; a `json.Number` keeps its token. */
export type GoStyle = { shortEscapes: boolean; numbers: 'float64' | 'as-written' };

/**
 * What Go's encoding/json writes of a value it read into `any`: keys by UTF-8 bytes, of repeated keys the last value, `<`, `>`, `&` and
 * U+2028/9 escaped, lone surrogates replaced. Null when a number is too large for a float64, which Go does not read.
 */
export function goText(node: JsonNode, style: GoStyle): string | null {
  switch (node.kind) {
    case 'object': {
      const members: string[] = [];
      const last = new Map(node.members.map(({ key, value }) => [key.toWellFormed(), value]));
      for (const [key, value] of [...last].toSorted(([a], [b]) => byCodePoint(a, b))) {
        const text = goText(value, style);
        if (text === null) return null;
        members.push(`${goQuote(key, style)}:${text}`);
      }
      return `{${members.join(',')}}`;
    }
    case 'array': {
      const items = node.items.map((item) => goText(item, style));
      return items.includes(null) ? null : `[${items.join(',')}]`;
    }
    case 'string':
      return goQuote(node.value, style);
    default: {
      if (!/^-?\d/.test(node.raw)) return node.raw;
      const value = Number(node.raw);
      if (style.numbers === 'as-written') return node.raw;
      return Number.isFinite(value) ? goFloat(value) : null;
    }
  }
}

const SHORT: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const SHORT_SINCE_1_22: Record<string, string> = { '\b': '\\b', '\f': '\\f' };

export function goQuote(value: string, { shortEscapes }: Pick<GoStyle, 'shortEscapes'>): string {
  const escape = (unit: string) => SHORT[unit] ?? (shortEscapes ? SHORT_SINCE_1_22[unit] : undefined) ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // eslint-disable-next-line no-control-regex
  return `"${value.toWellFormed().replaceAll(/[\x00-\x1f"\\<>&\u2028\u2029]/g, escape)}"`;
}

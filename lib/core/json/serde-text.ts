import { lastSorted } from './code-points';
import { serdeFloat } from './number-text';
import { type JsonNode, writeTree } from './tree';

/** How numbers that are no integers of 64 bits are written: as in the text, by serde_json of today, or by that of before. */
export type SerdeFloats = 'as-written' | 'zmij' | 'ryu';

const MAX_U64 = 18_446_744_073_709_551_615n;
const MIN_I64 = -9_223_372_036_854_775_808n;

/** What serde_json writes of a value it read into `serde_json::Value`: keys by code point, of repeated keys the last value. */
export function serdeText(node: JsonNode, floats: SerdeFloats): string {
  const text = writeTree(node, {
    leaf: (leaf) =>
      leaf.kind === 'string'
        ? JSON.stringify(leaf.value)
        : floats === 'as-written'
          ? leaf.raw
          : literal(leaf.raw, floats),
    members: lastSorted,
    key: ({ key }) => JSON.stringify(key),
  });
  return text ?? ''; // every leaf can be written
}

function literal(raw: string, floats: 'zmij' | 'ryu'): string {
  if (!/^-?\d/.test(raw)) return raw;
  if (/^-?\d+$/.test(raw) && raw !== '-0') {
    const value = BigInt(raw);
    if (value <= MAX_U64 && value >= MIN_I64) return raw;
  }
  const value = Number(raw);
  return Number.isFinite(value) ? serdeFloat(value, floats === 'zmij' ? '+' : '') : raw;
}

import fc from 'fast-check';
import type { FormatId, Hasher } from '../core/chain/format';
import { type Writer, hashOf, resealed } from './chains';

/** One change to a record: a member's value, or a member more, as JSON text. */
type Change = { at: number; value: string; key: string | null };

const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

const STRINGS = [
  String.raw`"\ud83d"`,
  String.raw`"a\ude00b"`,
  String.raw`"\ud83d\ud83d\ude00"`,
  String.raw`"\u0000"`,
  String.raw`"\\u0000"`,
  String.raw`"\\\u0000"`,
  String.raw`"\\\\ud83d"`,
  String.raw`"\u0001\u001b[31m\u007f"`,
  String.raw`"\r\n=1+1"`,
  '""',
  '" "',
  `"=cmd|' /C calc'!A0"`,
  '"-5"',
  '"@x"',
  '"\\""',
  '"\u202e\u200b\ufeff"',
  '"\ufffe\uffff"',
  '"👩‍👩‍👧‍👦"',
  '"\u2028\u2029"',
  '"\u{10ffff}"',
  '"[REDACTED]"',
  String.raw`"\/\b\f\t"`,
];
const NUMBERS = [
  '1e400',
  '-1e400',
  '1e-400',
  '1e308',
  '-0',
  '0.1',
  '1E+2',
  '9007199254740993',
  '18446744073709551615',
  '18446744073709551616',
  '-9223372036854775809',
  '1234567890123456789012345678901234567890',
  '-1',
  '4294967296',
];
const OTHERS = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '["x","y"]',
  String.raw`["\ud83d",null,1e400]`,
  '{"__proto__":{"x":1}}',
  '{"":""}',
  deep('[', ']', 300),
  deep('{"a":', '}', 300),
  deep('[', ']', 12_000),
];
const TIMES = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '-001-01-01T00:00:00Z',
  '1582-10-10T00:00:00Z',
  '1900-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999999999Z',
  '1970-01-01T00:00:00Z',
  '1970-01-01T00:00:00.000001Z',
  '2016-12-31T23:59:60Z',
  '2024-02-30T00:00:00Z',
  '2106-02-07T06:28:16Z',
  '2261-12-31T23:59:59.999999999Z',
  '2262-04-11T23:47:16.854775807Z',
  '2299-12-31T23:59:59Z',
  '9999-12-31T23:59:59.999999999Z',
  '10000-01-01T00:00:00Z',
  '2026-05-11T08:00:00',
  '2026-05-11',
  '2026-05-11T08:00:00+23:59',
  '2026-05-11T08:00:00-23:59',
  '2026-05-11T24:00:00Z',
  '2026-05-11T08:00:00.0123456789012345678901234567890Z',
  '2026-05-11T08:00:00,5Z',
  'yesterday',
  '1778486400',
].map((time) => JSON.stringify(time));
const KEYS = [
  '""',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  String.raw`"\u0000"`,
  String.raw`"\ud83d"`,
  '"a.b[0]"',
  '"hash"',
  '"prev_hash"',
  '"recorded_at"',
  '"event"',
  '"tool"',
  `"${'k'.repeat(70_000)}"`,
];

const long = fc
  .tuple(
    fc.constantFrom('x', '"\\u0001"', '😀', String.raw`\\`, String.raw`\ud83d`),
    fc.constantFrom(3_000, 70_000, 400_000),
  )
  .map(([unit, count]) => `"${unit.replaceAll('"', '').repeat(count)}"`);
const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom(...OTHERS) },
  { weight: 6, arbitrary: fc.constantFrom(...TIMES) },
  { weight: 1, arbitrary: long },
  { weight: 3, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)) },
);
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat({ max: 1_000 }),
  value,
  key: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...KEYS) }),
});

/** What a hostile agent, or a broken writer, may have its guardrail write: for each record the changes to a plain one. */
export const hostileRecords = (min: number, max: number) =>
  fc.array(fc.array(change, { maxLength: 3 }), { minLength: min, maxLength: max });

const MEMBER = /"([A-Za-z_]+)":("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|null|true|false|\[\]|\{\})/g;
/** What places a record in its chain. */
const OF_THE_CHAIN = new Set([
  'hash',
  'prev_hash',
  'chain_record_hash',
  'chain_prev_hash',
  'chain_sequence',
  'chain_hash',
  'prev_chain',
  'leaf_hash',
  'event_json',
  'sequence',
  'seq',
]);

/** A chain of such records, each hashed as the format does it, so that it holds wherever its reader takes it for a record at all. */
export function hostileChain(
  hasher: Hasher,
  formatId: FormatId,
  { format, write }: Writer,
  records: readonly (readonly Change[])[],
): string[] {
  let at: { prev: string; sequence: number } | undefined;
  return records.map((changes, index) => {
    const [plain = ''] = write([{ tool: 'bash', decision: index % 2 === 0 ? 'deny' : 'allow', note: `n${index}` }], at);
    const line = resealed(
      hasher,
      format,
      changes.reduce((text, one) => changed(text, one, formatId), plain),
    );
    at = { prev: hashOf(line) || hashOf(plain), sequence: (format.firstSequence ?? 1) + index + 1 };
    return line;
  });
}

/** Changes the value of one member, or adds one. Of nono only the event is changed: the rest is made from it. */
function changed(line: string, { at, value: text, key }: Change, formatId: FormatId): string {
  const from = formatId === 'nono' ? line.indexOf(',"event":{') + ',"event":'.length : 0;
  const members = [...line.slice(from).matchAll(MEMBER)].filter(([, name = '']) => !OF_THE_CHAIN.has(name));
  const chosen = members[at % Math.max(1, members.length)];
  if (!chosen) return line;
  const start = from + chosen.index;
  if (key !== null) return `${line.slice(0, start)}${key}:${text},${line.slice(start)}`;
  return `${line.slice(0, start)}"${chosen[1] ?? ''}":${text}${line.slice(start + chosen[0].length)}`;
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHasher } from '../../../crypto/hasher';
import { lineScanner } from '../../fastpath/scanner';
import { occasio } from './format';

const hasher = await createHasher();
const encoder = new TextEncoder();
const scanner = lineScanner(occasio);

/** Whether a record with these members, as text, is taken as canonical; null when it is not taken. */
function isCanonical(members: string): boolean | null {
  const covered = `{"audit_schema":1,"ts":"2026-05-11T08:00:00.000Z",${members}"prev_hash":"${occasio.genesis}"`;
  const hash = hasher.sha256(encoder.encode(`${covered}}`));
  scanner?.forget();
  const run = scanner?.runAt(encoder.encode(`${covered},"hash":"${hash}"}\n`), 0, null, hasher);
  if (!run) return null;
  expect(run.units()).toBe(`${covered},"hash":"${hash}"}\n`.length);
  return run.canonical;
}

/** Whether JavaScript writes the members as they stand. */
function isWrittenAlike(members: string): boolean {
  const text = `{"audit_schema":1,${members}"z":1}`;
  return JSON.stringify(JSON.parse(text)) === text;
}

it.each([
  '',
  '"n":0,',
  '"n":-1,',
  '"n":999999999999999,',
  '"n":0.1,',
  '"n":-0.5,',
  '"n":0.000034,',
  '"n":1778486400123,',
  String.raw`"s":"\"\\\b\f\n\r\t\u0000\u001b",`,
  '"s":"\u007f\u2028 é 🤖 /",',
  '"é":{"ü":[true,false,null,{}]},',
])('takes %s as JavaScript writes it', (members) => {
  expect(isWrittenAlike(members)).toBe(true);
  expect(isCanonical(members)).toBe(true);
  expect(isCanonical(members)).toBe(true);
});

it.each([
  '"n":-0,',
  '"n":1.0,',
  '"n":1e5,',
  '"n":1E400,',
  '"n":0.0000001,',
  '"n":9007199254740993,',
  '"n":0.30000000000000001,',
  String.raw`"s":"\/",`,
  String.raw`"s":"\u0041",`,
  String.raw`"s":"\u007f",`,
  String.raw`"s":"\u000a",`,
  String.raw`"s":"\u001B",`,
  String.raw`"s":"\u00e9",`,
  String.raw`"s":"\ud83d\ude00",`,
  '"a":1,"7":1,',
  '"o":{"a":1,"0":1},',
])('does not take %s for what JavaScript writes', (members) => {
  expect(isWrittenAlike(members)).toBe(false);
  expect(isCanonical(members)).not.toBe(true);
  // Once more, when its keys are known.
  expect(isCanonical(members)).not.toBe(true);
});

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 18 });
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.integer().map(String),
  digits,
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.constantFrom('0', '1'), digits),
      digits,
      fc.constantFrom('', '', 'e5', 'E-7'),
    )
    .map(([sign, whole, fraction, exponent]) => `${sign}${whole}.${fraction}${exponent}`),
);
const unit = fc.oneof(
  fc.constantFrom('a', '/', '<', 'é', '\u2028', '🤖', '\u007f'),
  fc.constantFrom(...String.raw`\" \\ \/ \b \f \n \r \t`.split(' ')),
  fc.nat({ max: 0xffff }).map((code) => `\\u${code.toString(16).padStart(4, '0')}`),
  fc.nat({ max: 0xff }).map((code) => `\\u${code.toString(16).padStart(4, '0')}`),
  fc.nat({ max: 0xffff }).map((code) => `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`),
);
const text = fc.array(unit, { maxLength: 4 }).map((units) => `"${units.join('')}"`);
const key = fc.constantFrom(
  'a',
  'b',
  '0',
  '12',
  '01',
  '4294967295',
  '__proto__',
  '_',
  'é',
  'constructor',
  '-1',
  'k'.repeat(40),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    number,
    text,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 3 })
      .map((list) => `{${list.map(([name, of]) => `"${name}":${of}`).join(',')}}`),
  ),
}));

it('takes nothing for canonical that JavaScript writes otherwise, and counts what strings have of it', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (list) => {
      const members = list.map(([name, of]) => `"${name}":${String(of)},`).join('');
      if (isCanonical(members) !== true) return;
      taken += 1;
      expect(isWrittenAlike(members)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(1000);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { hashOf, toBytes, writers } from '../../testing/chains';
import { referenceFindingOf } from '../../testing/reference-finding';
import { lineScanner } from '../fastpath/scanner';

const hasher = await createHasher();
const { occasio, agentfence, vouch } = writers(hasher);
const encoder = new TextEncoder();
const sha256 = (text: string) => hasher.sha256(encoder.encode(text));
const TIME = '2026-05-11T08:00:00.000Z';

/** A record with these members, as text that ends in a comma or is empty, hashed as it stands, behind a genuine one. */
const FORMATS = {
  occasio: {
    ...occasio,
    line(members: string, prev: string) {
      const covered = `{"audit_schema":1,"ts":"${TIME}",${members}"prev_hash":"${prev}"`;
      return `${covered},"hash":"${sha256(`${covered}}`)}"}`;
    },
  },
  agentfence: {
    ...agentfence,
    line(members: string, prev: string) {
      const covered = `{"schema_version":"1","session_id":"s","seq":2,"timestamp":"${TIME}","call_id":"c","tool":"t","decision":"allow","reason":"","arguments":{${members.slice(0, -1)}},"prev_hash":"${prev}"`;
      return `${covered},"hash":"${sha256(`${covered}}`)}"}`;
    },
  },
  vouch: {
    ...vouch,
    line(members: string, prev: string) {
      const [before, behind] = [`{"actor":"a",${members}"created_at":"${TIME}",`, `"prev_hash":"${prev}"}`];
      return `${before}"hash":"${sha256(`${prev}${before}${behind}`)}",${behind}`;
    },
  },
};
type Known = keyof typeof FORMATS;

/** Whether the record is taken as canonical, and whether the verifier passes it when it is led down it. */
function judged(id: Known, members: string): { canonical: boolean; passes: boolean } {
  const { format, write, line } = FORMATS[id];
  const [first = ''] = write([{ tool: 'bash', decision: 'allow', note: '0' }]);
  const text = `${line(members, hashOf(first))}\n`;
  const scanner = lineScanner(format, { alike: true });
  scanner?.forget();
  const run = scanner?.runAt(encoder.encode(text), 0, null, hasher);
  expect(run?.units() ?? text.length).toBe(text.length);
  const bytes = toBytes([first, text.slice(0, -1)]);
  return { canonical: run?.canonical ?? false, passes: referenceFindingOf(format, hasher, bytes).verdict === 'ok' };
}

const PLAIN = [
  '"b":0,',
  '"b":-1,',
  '"b":999999999999999,',
  '"b":0.1,',
  '"b":-0.5,',
  '"b":1778486400123,',
  String.raw`"b":"\"\\\b\f\n\r\t\u0000\u001b /",`,
  '"b":{"c":[true,false,null,{}],"d":{}},',
];
const OTHER = [
  '"b":1e5,',
  '"b":0.0000001,',
  '"b":0.30000000000000001,',
  String.raw`"b":"\/",`,
  String.raw`"b":"\u0041",`,
  String.raw`"b":"\u000a",`,
  String.raw`"b":"\u001B",`,
  String.raw`"b":"\u00E9",`,
];
const ONE_WAY: Record<Known, { plain: string[]; other: string[] }> = {
  occasio: {
    plain: ['"n":0.000034,', '"s":"\u007f\u2028 é 🤖 <",', '"é":{"ü":1,"a":2},'],
    other: [
      '"n":-0,',
      '"n":1.0,',
      '"n":1E400,',
      '"n":9007199254740993,',
      String.raw`"s":"\u007f",`,
      String.raw`"s":"\u00e9",`,
      String.raw`"s":"\ud83d\ude00",`,
      String.raw`"s":"\u003c",`,
      String.raw`"s":"\u2028",`,
      '"b":1,"7":1,',
      '"o":{"b":1,"0":1},',
    ],
  },
  agentfence: {
    plain: [
      '"n":0.000034,',
      '"s":"\u007f é 🤖 – /",',
      String.raw`"s":"\u003c\u003e\u0026\u2028\u2029",`,
      '"7":{"a":1,"é":2},',
    ],
    other: [
      '"n":1.0,',
      '"n":9007199254740993,',
      '"s":"<",',
      '"s":"\u2028",',
      String.raw`"s":"\u202a",`,
      '"b":1,"a":1,',
      '"o":{"b":1,"a":1},',
      '',
    ],
  },
  vouch: {
    plain: [String.raw`"b":"\u007f\u00e9\u2028\u2029\u202a\ud83d\ude00<",`, '"b":{"7":1,"a":{"b":2}},'],
    other: [
      '"b":-0,',
      '"b":0.000034,',
      '"b":"é",',
      '"b":"\u007f",',
      String.raw`"b":"\u003c",`,
      '"b":{"b":1,"a":1},',
      '"d":1,',
    ],
  },
};

describe.each(Object.keys(FORMATS) as Known[])('%s', (id) => {
  it.each([...PLAIN, ...ONE_WAY[id].plain])('takes %s as its verifier writes it', (members) => {
    for (const _ of ['', 'once more, when its keys are known'])
      expect(judged(id, members)).toEqual({ canonical: true, passes: true });
  });

  it.each([...OTHER, ...ONE_WAY[id].other])('does not take %s for what its verifier writes', (members) => {
    for (const _ of ['', 'once more, when its keys are known'])
      expect(judged(id, members)).toEqual({ canonical: false, passes: false });
  });

  it('takes nothing for canonical that its verifier does not pass', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 3 }), (list) => {
        const { canonical, passes } = judged(id, list.map(([name, of]) => `"${name}":${String(of)},`).join(''));
        if (canonical) taken += 1;
        expect(passes || !canonical).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
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
      fc.oneof(digits, fc.constantFrom('00001', '0001', '0000001', '5')),
      fc.constantFrom('', '', 'e5', 'E-7'),
    )
    .map(([sign, whole, fraction, exponent]) => `${sign}${whole}.${fraction}${exponent}`),
);
const hex = (max: number) => fc.nat({ max }).map((code) => code.toString(16).padStart(4, '0'));
const unit = fc.oneof(
  fc.constantFrom('a', '/', '<', '&', 'é', '\u2028', '🤖', '\u007f'),
  fc.constantFrom(...String.raw`\" \\ \/ \b \f \n \r \t \u2028 \u2029`.split(' ')),
  fc.oneof(hex(0xffff), hex(0xff)).map((code) => `\\u${code}`),
  hex(0xffff).map((code) => `\\u${code.toUpperCase()}`),
);
const text = fc.array(unit, { maxLength: 3 }).map((units) => `"${units.join('')}"`);
const key = fc.constantFrom(
  'a',
  'b',
  'ab',
  '0',
  '12',
  '4294967295',
  '__proto__',
  '_',
  'é',
  'constructor',
  'k'.repeat(40),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    number,
    text,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 3 })
      .map((list) => `{${list.map(([name, of]) => `"${name}":${String(of)}`).join(',')}}`),
  ),
}));

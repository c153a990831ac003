import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byCodePoint } from './code-points';
import { goText } from './go-text';
import { memberSpans, withoutMember } from './member-spans';
import { goFloat, pythonFloat, serdeFloat } from './number-text';
import { pythonText } from './python-text';
import { serdeText } from './serde-text';
import { readTree } from './tree';

// Each row was printed by Go 1.26, CPython 3.11 and serde_json 1.0.149; the last column is the same without the sign, as ryu writes.
describe('a double', () => {
  it.each<[number, string, string, string, string]>([
    [1, '1', '1.0', '1.0', '1.0'],
    [-0, '-0', '-0.0', '-0.0', '-0.0'],
    [0.1, '0.1', '0.1', '0.1', '0.1'],
    [1e-5, '0.00001', '1e-05', '0.00001', '0.00001'],
    [1e-6, '0.000001', '1e-06', '1e-6', '1e-6'],
    [1e-7, '1e-7', '1e-07', '1e-7', '1e-7'],
    [
      123456789012345680,
      '123456789012345680',
      '1.2345678901234568e+17',
      '1.2345678901234568e+17',
      '1.2345678901234568e17',
    ],
    [1e15, '1000000000000000', '1000000000000000.0', '1000000000000000.0', '1000000000000000.0'],
    [1e16, '10000000000000000', '1e+16', '1e+16', '1e16'],
    [1e21, '1e+21', '1e+21', '1e+21', '1e21'],
    [5e-324, '5e-324', '5e-324', '5e-324', '5e-324'],
  ])('%d is %s in Go, %s in Python, %s or %s in serde', (value, go, python, zmij, ryu) => {
    expect([goFloat(value), pythonFloat(value), serdeFloat(value, '+'), serdeFloat(value, '')]).toEqual([
      go,
      python,
      zmij,
      ryu,
    ]);
  });

  it('reads back as itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [goFloat(value), pythonFloat(value), serdeFloat(value, '+'), serdeFloat(value, '')])
          expect(Number(text)).toBe(value);
      }),
    );
  });
});

describe('a text written anew', () => {
  const tree = (text: string) => readTree(text) ?? { kind: 'literal' as const, raw: '' };

  it.each([
    ['{"b":1,"a":2,"a":3}', '{"a":3,"b":1}'],
    ['{"\uFFEE":1,"😀":2,"z":3}', String.raw`{"z":3,"\uffee":1,"\ud83d\ude00":2}`],
    [
      '{"n":12345678901234567890123,"m":-0,"f":1.0,"g":-0.0,"e":1E400}',
      '{"e":Infinity,"f":1.0,"g":-0.0,"m":0,"n":12345678901234567890123}',
    ],
    [String.raw`["\u007f\u0000\b\f\n\/é"]`, String.raw`["\u007f\u0000\b\f\n/\u00e9"]`],
    ['[NaN,-Infinity]', '[NaN,-Infinity]'],
  ])('%s is %s in Python', (text, written) => {
    expect(pythonText(tree(text))).toBe(written);
  });

  it.each([
    ['{"b":1,"a":2,"a":3}', '{"a":3,"b":1}'],
    ['{"\uFFEE":1,"😀":2}', '{"\uFFEE":1,"😀":2}'],
    ['{"n":1.0,"m":-0,"big":9007199254740993}', '{"big":9007199254740992,"m":-0,"n":1}'],
    [
      String.raw`["<&>\u2028\u007f\ud800\b"]`,
      `["${String.raw`\u003c\u0026\u003e\u2028`}\u007F\uFFFD${String.raw`\b`}"]`,
    ],
    ['[1e400]', null],
  ])('%s is %s in Go', (text, written) => {
    expect(goText(tree(text), { shortEscapes: true, numbers: 'float64' })).toBe(written);
  });

  it('keeps integers of 64 bits in serde, and makes doubles of larger ones', () => {
    expect(serdeText(tree('{"b":18446744073709551615,"a":18446744073709551616,"c":1e21,"d":-0}'), 'ryu')).toBe(
      '{"a":1.8446744073709552e19,"b":18446744073709551615,"c":1e21,"d":-0.0}',
    );
  });

  it('orders keys as their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(byCodePoint(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
    // A half of a pair alone has no UTF-8; Python orders it by its number.
    expect(byCodePoint('\uD83D', '\uFFEE')).toBeLessThan(0);
    expect(byCodePoint('\uD83Da', '😀')).toBeLessThan(0);
  });
});

describe('members of a text', () => {
  it('are found where they are, and can be cut out', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 5 }),
        fc.constantFrom(undefined, 1),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const parsed: Record<string, unknown> = JSON.parse(text);
          const spans = memberSpans(text);
          expect(spans.map(({ key }) => key)).toEqual(Object.keys(parsed));
          for (const [index, { key, valueFrom, to }] of spans.entries()) {
            expect(JSON.parse(text.slice(valueFrom, to))).toEqual(parsed[key]);
            const { [key]: _, ...rest } = parsed;
            expect(JSON.parse(withoutMember(text, spans, index))).toEqual(rest);
          }
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegexError, readRegex } from './regex';

const NONE = { i: false, m: false, s: false };
const source = (written: string) => readRegex(written, NONE).source;
const refusal = (written: string) => {
  try {
    readRegex(written, NONE);
  } catch (error) {
    if (error instanceof RegexError) return [error.message, error.at];
    throw error;
  }
  return null;
};

describe('readRegex', () => {
  it.each([
    [String.raw`\d+\s?`, String.raw`[0-9]+[\t\n\f\r ]?`],
    [String.raw`[\w-]\W`, String.raw`[0-9A-Za-z_-][^0-9A-Za-z_]`],
    ['a.b', String.raw`a[^\n]b`],
    ['(a|b)', '(?:a|b)'],
    [String.raw`\-enc\"\ x`, '-enc" x'],
    ['a{b}', String.raw`a\{b\}`],
    ['a{2,4}b{3}', 'a{2,4}b{3}'],
    ['[]a]', String.raw`[\]a]`],
    ['[[a]', String.raw`[\[a]`],
    ['a]b', String.raw`a\]b`],
    ['https?://x', String.raw`https?:\/\/x`],
    [String.raw`\x41\.exe$`, String.raw`\x41\.exe$`],
  ])('writes %s as %s', (written, meant) => {
    expect(source(written)).toBe(meant);
  });

  it('takes flags an expression begins with', () => {
    expect(readRegex('(?is)a.b', NONE)).toEqual({ source: 'a.b', flags: { i: true, m: false, s: true } });
  });

  it.each<[string, string, number]>([
    ['ab(?=c)', 'look-around', 2],
    ['(?<n>a)', 'look-around', 0],
    ['a(?i)b', 'look-around', 1],
    [String.raw`(a)\1`, String.raw`"\1" is not supported`, 3],
    [String.raw`\p{L}`, String.raw`"\p" is not supported`, 0],
    ['[[:alpha:]]', 'classes such as', 1],
    [String.raw`[\D]`, 'within brackets', 1],
    ['a[b', 'brackets that are not closed', 1],
    ['a)', 'closes a group', 1],
    ['a\\', 'ends with a backslash', 1],
    ['a{1001}', 'repeats more than 1000 times', 1],
    ['(a{100}b){11}', 'repeats more than 1000 times', 9],
    ['x'.repeat(5000), 'is longer than', 4096],
  ])('refuses %s', (written, message, at) => {
    expect(refusal(written)).toEqual([expect.stringContaining(message), at]);
  });

  it('takes any text as an expression or refuses it, and what it writes is one', () => {
    const piece = fc.constantFrom(
      ...String.raw`a b . * + ? ( ) [ ] { } | ^ $ - \ / , 1 9 : = ! < \d \W \. (?: é 😀`.split(' '),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const written = pieces.join('');
        const isRefused = refusal(written) !== null;
        expect(() => isRefused || new RegExp(source(written), 'su')).not.toThrow();
      }),
      { numRuns: 20_000 },
    );
  });

  it('means what JavaScript means where both read it alike', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(?:ab)',
      'b?',
      'a*',
      'b+',
      'a{2}',
      '^a',
      'b$',
      '\\.',
    );
    fc.assert(
      fc.property(fc.array(atom, { maxLength: 6 }), fc.stringMatching(/^[ab.\n]{0,8}$/), (atoms, value) => {
        const written = atoms.join('');
        expect(new RegExp(source(written), 'su').test(value)).toBe(new RegExp(written, 'u').test(value));
      }),
      { numRuns: 5000 },
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guarded, unguarded } from './csv-cell';

const hostile = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\t', '\r', '\n', 'a', '1', '\uff1d', ' ', '|'),
});

it('leaves no line of a cell that begins as a formula, and can be undone', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const cell = guarded(text);
      expect(cell.split(/[\r\n]/).filter((line) => /^[=+\-@\t\uff1d\uff0b\uff0d\uff20]/.test(line))).toEqual([]);
      expect(unguarded(cell)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['a\n=1+1\r-2', "a\n'=1+1\r'-2"],
  ["'=1", "''=1"],
  ["it's", "it's"],
  ['a=b', 'a=b'],
])('%j is written as %j', (text, cell) => {
  expect(guarded(text)).toBe(cell);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedLines, diffLines } from './line-diff';

const said = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

it('says what is gone and what is new, and leaves the rest', () => {
  expect(said('a\nb\nc\nd\n', 'a\nc\nx\nd\n')).toEqual([' a', '-b', ' c', '+x', ' d']);
  expect(said('a\n', 'a')).toEqual([' a']);
});

it('holds both texts, line by line with their numbers', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const lines = diffLines(`${a.join('\n')}\n`, `${b.join('\n')}\n`);
      const of = (place: 'before' | 'after') => lines.filter((line) => line[place] !== null);
      expect(of('before').map((line) => line.text)).toEqual(a);
      expect(of('after').map((line) => line.text)).toEqual(b);
      expect(of('before').map((line) => line.before)).toEqual(a.map((_, index) => index + 1));
      expect(of('after').map((line) => line.after)).toEqual(b.map((_, index) => index + 1));
    }),
  );
});

it('the lines that differ come with some around them', () => {
  const lines = changedLines('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nd\nx\nf\n', 1);
  expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['same d', 'gone e', 'new x', 'same f']);
  expect(changedLines('a\n', 'a\n')).toEqual([]);
});

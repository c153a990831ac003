import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupRotated } from './rotation';

const grouped = (files: readonly string[]) => groupRotated(files.map((file) => ({ file }))).map(({ log, files: members }) => [log, ...members.map(({ file }) => file)]);

it('puts the files of a rotated log in the order they were written, in whatever order they are found', () => {
  const written = ['a/x.jsonl.20260815T000010.000000000Z', 'a/x.jsonl.20260815T000010.000000000Z.1', 'a/x.jsonl.20260815T000010.000000000Z.2.gz', 'a/x.jsonl.20260816T000010.000000000Z', 'a/x.jsonl'];
  const numbered = ['b/y.ndjson.10.gz', 'b/y.ndjson.9', 'b/y.ndjson.1', 'b/y.ndjson'];
  const sets = (found: readonly string[]) => grouped(found).toSorted();
  fc.assert(
    fc.property(fc.shuffledSubarray([...written, ...numbered], { minLength: 9 }), (found) => {
      expect(sets(found)).toEqual([
        ['a/x.jsonl', ...written],
        ['b/y.ndjson', ...numbered],
      ]);
    }),
  );
});

it('leaves alone what is no part of a set, and what takes a place that is taken', () => {
  expect(grouped(['x.jsonl', 'x.jsonl.old', 'y.jsonl', '-'])).toEqual([['x.jsonl', 'x.jsonl'], ['x.jsonl.old', 'x.jsonl.old'], ['y.jsonl', 'y.jsonl'], ['-', '-']]);
  expect(grouped(['x.jsonl', 'x.jsonl.gz', 'x.jsonl', 'x.jsonl']).map((set) => set.length)).toEqual([2, 2, 2, 2]);
  expect(grouped(['x.jsonl.3'])).toEqual([['x.jsonl.3', 'x.jsonl.3']]);
  expect(grouped(['x.jsonl.1', 'x.jsonl.1.gz', 'x.jsonl.2'])).toEqual([['x.jsonl', 'x.jsonl.2', 'x.jsonl.1'], ['x.jsonl.1.gz', 'x.jsonl.1.gz']]);
});

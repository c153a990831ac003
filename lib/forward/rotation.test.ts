import { expect, it } from 'vitest';
import { rotatedOutOf } from './rotation';

const inOrder = (log: string, names: string[]) => rotatedOutOf(log, names).map(({ name }) => name);

it('knows what was rotated out of a log, oldest first', () => {
  expect(inOrder('x.jsonl', ['x.jsonl', 'x.jsonl.1', 'x.jsonl.10', 'x.jsonl.2'])).toEqual(['x.jsonl.10', 'x.jsonl.2', 'x.jsonl.1']);
  expect(inOrder('x.jsonl', ['x.jsonl.20260815T000010.000000000Z.1', 'x.jsonl.20260815T000009.999999999Z', 'x.jsonl.20260815T000010.000000000Z'])).toEqual([
    'x.jsonl.20260815T000009.999999999Z',
    'x.jsonl.20260815T000010.000000000Z',
    'x.jsonl.20260815T000010.000000000Z.1',
  ]);
  expect(inOrder('x.jsonl', ['x.jsonl-20260816', 'x.jsonl-20260815', 'x.jsonl.20260814'])).toEqual(['x.jsonl.20260814', 'x.jsonl-20260815', 'x.jsonl-20260816']);
});

it('leaves other files alone, and a packed copy of one that is there', () => {
  expect(inOrder('x.jsonl', ['xx.jsonl', 'x.jsonl2', 'x.jsonl.bak', 'x.jsonl.anchor.json', 'y.jsonl.1', 'x.jsonl.1.tmp'])).toEqual([]);
  expect(rotatedOutOf('x.jsonl', ['x.jsonl.2.gz', 'x.jsonl.1.gz', 'x.jsonl.1'])).toEqual([
    { name: 'x.jsonl.2.gz', isPacked: true },
    { name: 'x.jsonl.1', isPacked: false },
  ]);
});

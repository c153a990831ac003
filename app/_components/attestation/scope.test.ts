import { expect, it } from 'vitest';
import { periodWords } from './scope';

it.each([
  ['2026-05-01T00:00:00Z', '2026-06-01T00:00:00.000Z', '2026-05-01 to 2026-05-31'],
  ['2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z', '2026-05-01'],
  ['2026-05-01T00:00:00Z', '2026-05-01T08:30:00Z', '2026-05-01 00:00:00 until 2026-05-01 08:30:00 UTC'],
])('says of %s until %s: %s', (from, to, words) => {
  expect(periodWords({ from, to })).toBe(words);
});

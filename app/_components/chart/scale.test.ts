import { expect, it } from 'vitest';
import { countTicks, namedBars } from './scale';

it.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [4, [0, 1, 2, 3, 4]],
  [7, [0, 2, 4, 6, 8]],
  [100, [0, 50, 100]],
  [1_234, [0, 500, 1_000, 1_500]],
  [9_999_999, [0, 5_000_000, 10_000_000]],
])('an axis up to %d has lines at %j', (max, ticks) => {
  expect(countTicks(max)).toEqual(ticks);
});

it('names at most so many bars', () => {
  expect(namedBars(0, 8)).toEqual([]);
  expect(namedBars(3, 8)).toEqual([0, 1, 2]);
  expect(namedBars(30, 8)).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
});

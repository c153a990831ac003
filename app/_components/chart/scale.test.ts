import { expect, it } from 'vitest';
import { amountTicks, countTicks, namedBars } from './scale';

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

it.each([
  [0, [0, 0.5, 1]],
  [0.03, [0, 0.01, 0.02, 0.03]],
  [4, [0, 2, 4]],
  [1_234, [0, 500, 1_000, 1_500]],
])('an axis of amounts up to %d has lines at %j', (max, ticks) => {
  expect(amountTicks(max)).toEqual(ticks);
});

it('names at most so many bars', () => {
  expect(namedBars(0, 8)).toEqual([]);
  expect(namedBars(3, 8)).toEqual([0, 1, 2]);
  expect(namedBars(30, 8)).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
});

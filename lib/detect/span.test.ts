import { expect, it } from 'vitest';
import { NEAR_MS, clusters, together } from './span';

const DAY_MS = 86_400_000;
const span = (fromDay: number, days: number) => ({
  from: new Date(fromDay * DAY_MS),
  to: new Date((fromDay + days) * DAY_MS),
});

it('spans that meet are looked at as one, those apart and those that are long by themselves', () => {
  const all = clusters(
    new Map([
      ['a', span(100, 1)],
      ['b', span(100.5, 1)],
      ['c', span(200, 1)],
      ['hostile', span(0, 100_000)],
      ['d', span(101.5, 40)],
    ]),
    NEAR_MS,
  );
  expect(all.map(({ chainIds }) => chainIds)).toEqual([['a', 'b'], ['c'], ['hostile'], ['d']]);
  expect(all[0]?.span).toEqual(span(100, 1.5));
  expect(together(all, 'c', 20).map(({ chainIds }) => chainIds)).toEqual([['c'], ['a', 'b']]);
  expect(together(all, 'hostile', 1).map(({ chainIds }) => chainIds)).toEqual([['hostile']]);
});

it('no cluster grows past a month, however many spans meet', () => {
  const all = clusters(new Map(Array.from({ length: 100 }, (_, day) => [String(day), span(day, 1)])), NEAR_MS);
  expect(all.flatMap(({ chainIds }) => chainIds)).toHaveLength(100);
  expect(Math.max(...all.map(({ span: { from, to } }) => to.getTime() - from.getTime()))).toBeLessThanOrEqual(
    31 * DAY_MS,
  );
});

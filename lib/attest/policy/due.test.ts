import { expect, it } from 'vitest';
import { without } from './coverage';
import { causeToAttest } from './due';

const policy = {
  onClose: false,
  onSeal: false,
  everyRecords: null,
  everyMinutes: null,
  predicates: [],
  alertAfterMinutes: null,
};
const standing = {
  isSealed: false,
  uncoveredRecords: 5,
  oldestUncoveredAt: new Date('2026-05-01T00:00:00Z'),
  isChanged: true,
};
const now = new Date('2026-05-01T00:10:00Z');

it.each([
  [{ onClose: true }, {}, 'close'],
  [{ onClose: true }, { isChanged: false }, null],
  [{ onSeal: true }, {}, null],
  [{ onSeal: true, onClose: true }, { isSealed: true }, 'seal'],
  [{ everyRecords: 5 }, {}, 'records'],
  [{ everyRecords: 6 }, {}, null],
  [{ everyMinutes: 10 }, {}, 'minutes'],
  [{ everyMinutes: 11 }, {}, null],
  [{ everyMinutes: 1 }, { oldestUncoveredAt: null }, null],
  [{}, { isSealed: true }, null],
] as const)('a policy of %j for a chain that %j is due for %s', (of, stands, cause) => {
  expect(causeToAttest({ ...policy, ...of }, { ...standing, ...stands }, now)).toBe(cause);
});

it.each([
  [[], [[0, 9]]],
  [[[0, 9]], []],
  [
    [
      [2, 3],
      [3, 5],
      [8, 20],
    ],
    [
      [0, 1],
      [6, 7],
    ],
  ],
  [[[12, 20]], [[0, 9]]],
] as const)('of records 0 to 9, when %j are covered, %j are not', (taken, left) => {
  const toInterval = ([first, last]: readonly [number, number]) => ({ first, last });
  expect(without({ first: 0, last: 9 }, taken.map(toInterval))).toEqual(left.map(toInterval));
});

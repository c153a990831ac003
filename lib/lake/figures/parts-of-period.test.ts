import { expect, it } from 'vitest';
import { dateText, daysOfPartition } from './days';
import { partsOfPeriod } from './parts-of-period';

const daysOf = (partition: string) => {
  const days = daysOfPartition(partition);
  return days && [dateText(days.from), dateText(days.to)];
};

it('a partition is of an ISO week, or of a year before and after those that are parted by weeks', () => {
  expect(daysOf('202401')).toEqual(['2024-01-01', '2024-01-08']);
  expect(daysOf('202501')).toEqual(['2024-12-30', '2025-01-06']);
  expect(daysOf('202619')).toEqual(['2026-05-04', '2026-05-11']);
  expect(daysOf('202653')).toEqual(['2026-12-28', '2027-01-04']);
  expect(daysOf('203601')).toEqual(['2035-12-31', '2036-01-01']);
  expect(daysOf('1970')).toEqual(['1970-01-01', '1971-01-01']);
  expect(daysOf('2036')).toEqual(['2036-01-01', '2037-01-01']);
  expect(daysOf('all')).toBeNull();
});

const MAY = [
  { partition: '202619', id: 'a' },
  { partition: '202620', id: 'b' },
  { partition: '202622', id: 'c' },
];

it('whole days are read from figures, where there are some, and all other time from records', () => {
  expect(partsOfPeriod({ from: '2026-05-06T13:00:00Z', to: '2026-05-27T06:30:00.000001Z' }, MAY)).toEqual({
    figures: { ids: ['a', 'b', 'c'], from: '2026-05-07', to: '2026-05-27' },
    times: [
      { from: '2026-05-06 13:00:00.000000', to: '2026-05-07 00:00:00.000000' },
      { from: '2026-05-18 00:00:00.000000', to: '2026-05-25 00:00:00.000000' },
      { from: '2026-05-27 00:00:00.000000', to: '2026-05-27 06:30:00.000001' },
    ],
  });
});

it('a period of whole days that all have figures reads no record', () => {
  expect(partsOfPeriod({ from: '2026-05-04T00:00:00Z', to: '2026-05-18T00:00:00Z' }, MAY)).toEqual({
    figures: { ids: ['a', 'b'], from: '2026-05-04', to: '2026-05-18' },
    times: [],
  });
});

it('a day that is not whole is read from its records, by a microsecond too', () => {
  expect(partsOfPeriod({ from: '2026-05-05T00:00:00.000001Z', to: '2026-05-06T00:00:00Z' }, MAY)).toEqual({
    figures: { ids: [], from: '2026-05-06', to: '2026-05-06' },
    times: [{ from: '2026-05-05 00:00:00.000001', to: '2026-05-06 00:00:00.000000' }],
  });
  expect(partsOfPeriod({ from: '2026-05-05T01:00:00Z', to: '2026-05-05T02:00:00Z' }, MAY).figures.ids).toEqual([]);
});

it('each moment of any period is in one of the two, and in one alone', () => {
  const hour = 3600_000;
  for (let from = Date.UTC(2026, 3, 27); from < Date.UTC(2026, 5, 3); from += 31 * hour)
    for (let to = from + hour; to < Date.UTC(2026, 5, 8); to += 47 * hour) {
      const { figures, times } = partsOfPeriod(
        { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
        MAY,
      );
      const ofFigures = MAY.filter(({ id }) => figures.ids.includes(id)).reduce((sum, { partition }) => {
        const days = daysOfPartition(partition) ?? { from: 0, to: 0 };
        const first = Math.max(days.from * 24 * hour, Date.parse(figures.from));
        return sum + Math.max(0, Math.min(days.to * 24 * hour, Date.parse(figures.to)) - first);
      }, 0);
      const ms = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
      const ofRecords = times.reduce((sum, time) => sum + ms(time.to) - ms(time.from), 0);
      expect(ofFigures + ofRecords).toBe(to - from);
    }
});

import { expect, it } from 'vitest';
import { ribbonAxis } from './axis';
import type { RibbonSegment } from './layout';

const placed = (index: number, x: number, width: number, more: Partial<RibbonSegment> = {}) => ({
  x,
  width,
  segment: {
    index,
    verdict: 'verified' as const,
    firstRecord: index * 10,
    records: 10,
    firstRecordedAt: `2026-05-11T0${index}:00:00Z`,
    lastRecordedAt: `2026-05-11T0${index}:30:00Z`,
    attestationId: null,
    ...more,
  },
});

it('names both ends and the segments far enough apart', () => {
  const labels = ribbonAxis([placed(0, 0, 40), placed(1, 40, 5), placed(2, 45, 55)], 'records', 'UTC');
  expect(labels.map(({ text }) => text)).toEqual(['11 May, 00:00', '11 May, 01:00', '11 May, 02:30']);
});
it('divides the time of a single segment', () => {
  expect(ribbonAxis([placed(0, 0, 100)], 'time', 'UTC').map(({ x }) => x)).toEqual([0, 25, 50, 75, 100]);
});
it('names records where no time is stated', () => {
  expect(
    ribbonAxis([placed(0, 0, 100, { firstRecordedAt: null, lastRecordedAt: null })], 'records', 'UTC').map(
      ({ text }) => text,
    ),
  ).toEqual(['record 0', 'record 9']);
});
it('is empty for nothing', () => expect(ribbonAxis([], 'records', 'UTC')).toEqual([]));

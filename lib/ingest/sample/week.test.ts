import { expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { sampleWeek } from './week';

const HOUR_MS = 3_600_000;
const TIME = /"(?:ts|timestamp)":"([^"]+)"/;

const hasher = await createHasher();

/** Each record's time, in milliseconds before the week's end. */
function shape(endMs: number): (number | null)[][] {
  return sampleWeek(hasher, endMs).map(({ lines }) =>
    lines.map((line) => endMs - Date.parse(TIME.exec(line)?.[1] ?? '')),
  );
}

it('has the same shape at whatever hour, on whatever day it ends, so that the same is found in it', () => {
  const noon = Date.UTC(2026, 10, 28, 12);
  const want = shape(noon);
  expect(want.flat().every(Number.isFinite)).toBe(true);
  for (const hours of [1, 7, 23, 24, 61, 24 * 92]) expect(shape(noon + hours * HOUR_MS)).toEqual(want);
});

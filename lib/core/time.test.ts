import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareInstants, microsOf, normaliseInstant } from './time';

describe('normaliseInstant', () => {
  it.each([
    ['2026-05-11T08:00:00Z', '2026-05-11T08:00:00Z'],
    ['2026-05-11T08:00:00.000456789Z', '2026-05-11T08:00:00.000456789Z'],
    ['2026-05-11T08:00:00.1234567891Z', '2026-05-11T08:00:00.123456789Z'],
    ['2026-05-11t08:00:00.5z', '2026-05-11T08:00:00.5Z'],
    ['2026-05-11 10:00:00.25+02:00', '2026-05-11T08:00:00.25Z'],
    ['2026-01-01T00:30:00+0100', '2025-12-31T23:30:00Z'],
    ['2026-05-11T08:00:00-00:00', '2026-05-11T08:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2015-07-01T01:59:60.25+02:00', '2015-07-01T00:00:00.25Z'],
  ])('%s is %s', (given, instant) => {
    expect(normaliseInstant(given)).toBe(instant);
  });

  it.each([
    '',
    't0',
    '2026-05-11',
    '2026-05-11T08:00:00',
    '2026-02-31T08:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-05-11T24:00:00Z',
    '2026-05-11T08:00:60Z',
    '2026-05-11T23:59:60Z',
    '2016-12-31T23:59:61Z',
    '2016-12-31T23:59:60+01:00',
    '2026-05-11T08:00:00+25:00',
    '0001-01-01T00:00:00Z',
    1778486400,
    null,
    undefined,
    {},
  ])('%s is no time', (given) => {
    expect(normaliseInstant(given)).toBeNull();
  });

  it('is total, and what it gives it gives again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .date({ noInvalidDate: true, min: new Date('0100-01-01'), max: new Date('9999-12-31') })
            .map((date) => date.toISOString()),
        ),
        (given) => {
          const once = normaliseInstant(given);
          expect(once === null ? null : normaliseInstant(once)).toBe(once);
        },
      ),
    );
  });
});

it('compareInstants orders fractions of any length', () => {
  const sorted = [
    '2026-05-11T08:00:00Z',
    '2026-05-11T08:00:00.000000001Z',
    '2026-05-11T08:00:00.5Z',
    '2026-05-11T08:00:00.75Z',
    '2026-05-11T08:00:01Z',
  ];
  expect(sorted.toReversed().toSorted(compareInstants)).toEqual(sorted);
  expect(compareInstants('2026-05-11T08:00:00Z', '2026-05-11T08:00:00Z')).toBe(0);
});

it.each([
  ['1970-01-01T00:00:00.000001Z', 1],
  ['2026-05-11T08:00:00.1234569Z', 1_778_486_400_123_456],
  ['1969-12-31T23:59:59.25Z', -750_000],
])('microsOf %s is %i', (instant, micros) => {
  expect(microsOf(instant)).toBe(micros);
});

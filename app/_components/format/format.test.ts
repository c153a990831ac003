import { describe, expect, it } from 'vitest';
import { formatBytes } from './bytes';
import { formatAgo, formatDuration } from './duration';
import { sayGroup } from './group';
import { firstDifference, shortenHash } from './hash';
import { formatInstant, formatUtc, isZone } from './instant';
import { formatChange, formatCount, formatNoun, formatShare } from './number';
import { periodAddress, resolvePeriod } from './period';
import { formatDays, formatSpan } from './span';

describe('numbers', () => {
  it('separates thousands', () => expect(formatCount(1234567)).toBe('1,234,567'));
  it.each([
    [0, '0 records'],
    [1, '1 record'],
    [1200, '1,200 records'],
  ])('%i reads %s', (count, text) => expect(formatNoun(count, 'record')).toBe(text));
  it.each([
    [0, 0, '–'],
    [0, 10, '0%'],
    [10, 10, '100%'],
    [9999, 10000, '99.9%'],
    [1, 100000, 'under 0.1%'],
    [1, 2, '50%'],
  ])('share %i of %i is %s', (part, of, text) => expect(formatShare(part, of)).toBe(text));
  it.each([
    [110, 100, '+10%'],
    [60, 100, '−40%'],
    [0, 0, 'no change'],
    [5, 0, null],
  ])('change to %i from %i is %s', (now, before, text) => expect(formatChange(now, before)).toBe(text));
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [1500, '1.5 KiB'],
    [64 * 1024 ** 2, '64 MiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [5.25 * 1024 ** 3, '5.3 GiB'],
  ])('%i is %s', (size, text) => expect(formatBytes(size)).toBe(text));
});

describe('durations', () => {
  it.each([
    [400, 'under a second'],
    [61_000, '1 minute 1 second'],
    [900_000, '15 minutes'],
    [187_200_000, '2 days 4 hours'],
    [172_805_000, '2 days'],
  ])('%i ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
  it.each([
    ['2026-05-11T08:00:00Z', 'just now'],
    ['2026-05-11T05:00:00Z', '3 hours ago'],
    ['2026-05-13T08:00:00Z', 'in 2 days'],
  ])('%s is %s', (at, text) => expect(formatAgo(at, Date.parse('2026-05-11T08:00:10Z'))).toBe(text));
});

describe('instants', () => {
  it('follows the zone', () => {
    expect(formatInstant('2026-05-11T23:30:00.000Z', 'UTC')).toBe('11 May 2026, 23:30');
    expect(formatInstant('2026-05-11T23:30:00.000Z', 'Europe/Berlin')).toBe('12 May 2026, 01:30');
  });
  it('writes midnight as 00', () => expect(formatInstant('2026-05-11T00:05:00Z', 'UTC', 'clock')).toBe('00:05'));
  it('writes every month in three letters', () =>
    expect(formatInstant('2026-09-01T00:00:00Z', 'UTC', 'day')).toBe('1 Sep 2026'));
  it('keeps the fraction in UTC', () =>
    expect(formatUtc('2026-05-11T08:00:05.123456Z')).toBe('2026-05-11 08:00:05.123456 UTC'));
  it('knows zones', () => expect([isZone('Asia/Tokyo'), isZone('Mars/Olympus')]).toEqual([true, false]));
  it('says the day of a span once', () => {
    expect(formatSpan('2026-05-11T08:00:00Z', '2026-05-11T15:12:00Z', 'UTC')).toBe('11 May 2026, 08:00 – 15:12');
    expect(formatSpan('2026-05-11T08:00:00Z', '2026-05-12T09:30:00Z', 'UTC')).toBe(
      '11 May, 08:00 – 12 May 2026, 09:30',
    );
  });
  it('names the last day of a half-open span', () => {
    expect(formatDays('2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z')).toBe('1 – 31 May 2026');
    expect(formatDays('2026-04-20T00:00:00Z', '2026-05-02T00:00:00Z')).toBe('20 Apr – 1 May 2026');
  });
});

describe('hashes', () => {
  it('keeps both ends', () => expect(shortenHash('9dc02223da4243840a848a')).toBe('9dc02223…0a848a'));
  it('leaves short values whole', () => expect(shortenHash('genesis')).toBe('genesis'));
  it('finds where two differ', () =>
    expect([firstDifference('abc', 'abd'), firstDifference('ab', 'ab'), firstDifference('ab', 'abc')]).toEqual([
      2,
      null,
      2,
    ]));
});

describe('groups', () => {
  it('says what is not stated', () =>
    expect(sayGroup({ session_id: '', tool: 'bash' })).toBe('no session stated, bash'));
});

describe('periods', () => {
  it.each([{ period: '24h' }, { period: '90d' }, { period: 'last-quarter' }, { from: '2026-05-01', to: '2026-05-31' }])(
    'an address of %o says the same again',
    (said) =>
      expect(periodAddress(resolvePeriod(said, now))).toBe(new URLSearchParams(Object.entries(said)).toString()),
  );

  const now = Date.parse('2026-11-21T00:33:45Z');
  it('ends named periods after now', () =>
    expect(resolvePeriod({ period: '24h' }, now)).toEqual({
      key: '24h',
      from: '2026-11-20T01:00:00Z',
      to: '2026-11-21T01:00:00Z',
    }));
  it.each([
    ['last-month', '2026-01-15T12:00:00Z', '2025-12-01', '2026-01-01'],
    ['last-month', '2026-11-21T00:33:45Z', '2026-10-01', '2026-11-01'],
    ['last-quarter', '2026-01-01T00:00:00Z', '2025-10-01', '2026-01-01'],
    ['last-quarter', '2026-11-21T00:33:45Z', '2026-07-01', '2026-10-01'],
    ['last-quarter', '2026-12-31T23:59:59Z', '2026-07-01', '2026-10-01'],
  ])('%s at %s is the last that has ended', (period, at, from, to) =>
    expect(resolvePeriod({ period }, Date.parse(at))).toEqual({
      key: period,
      from: `${from}T00:00:00Z`,
      to: `${to}T00:00:00Z`,
    }),
  );
  it('takes whole days, the last one in', () =>
    expect(resolvePeriod({ from: '2026-05-01', to: '2026-05-31' }, now)).toEqual({
      key: 'custom',
      from: '2026-05-01T00:00:00Z',
      to: '2026-06-01T00:00:00Z',
    }));
  it.each([{ period: 'ever' }, { from: '2026-05-31', to: '2026-05-01' }, { from: '2026-13-01', to: '2026-13-02' }, {}])(
    'falls back for %o',
    (params) => expect(resolvePeriod(params, now).key).toBe('30d'),
  );
});

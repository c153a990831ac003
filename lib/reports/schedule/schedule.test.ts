import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { CalendarPeriod } from '../../schemas/report-definitions';
import type { Schedule } from '../../schemas/report-schedules';
import { WEEKDAYS } from '../../schemas/report-weekdays';
import { nextRun } from './next-run';
import { periodOf } from './period-of';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ZONES = [
  'UTC',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/Dublin',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

/** A day of the calendar as UTC midnight: arithmetic of days has no zone. */
const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const dayMs = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The first minute at which clocks show a local time or one past it, found by looking at each: luxon says what they show. */
function firstMomentFrom(local: string, zone: string): number {
  const about = Date.parse(`${local}:00Z`);
  for (let at = about - 27 * 60 * MINUTE_MS; at <= about + 27 * 60 * MINUTE_MS; at += MINUTE_MS)
    if (DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm") >= local) return at;
  throw new Error(`clocks of ${zone} never show ${local}`);
}
const midnight = (day: string, zone: string) => firstMomentFrom(`${day}T00:00`, zone);
const localDay = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');

/** The days a period is of, counted with the days of UTC. */
function daysOf(period: CalendarPeriod, today: string): [string, string] {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const weekday = (new Date(dayMs(today)).getUTCDay() + 6) % 7;
  const monday = dayMs(today) - weekday * DAY_MS;
  const monthMs = (of: number) => Date.UTC(year, of, 1);
  const quarter = Math.floor((month - 1) / 3) * 3;
  switch (period.of) {
    case 'last-week':
      return [dayText(monday - 7 * DAY_MS), dayText(monday)];
    case 'last-month':
      return [dayText(monthMs(month - 2)), dayText(monthMs(month - 1))];
    case 'last-quarter':
      return [dayText(monthMs(quarter - 3)), dayText(monthMs(quarter))];
    case 'last-days':
      return [dayText(dayMs(today) - period.days * DAY_MS), today];
    case 'days':
      return [period.firstDay, dayText(dayMs(period.lastDay) + DAY_MS)];
  }
}

/** Whether a schedule names a day, by what is said of it. */
function isDayOf(schedule: Schedule, day: string): boolean {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (schedule.every === 'week') return WEEKDAYS[(new Date(dayMs(day)).getUTCDay() + 6) % 7] === schedule.weekday;
  if (schedule.every === 'quarter' && ![1, 4, 7, 10].includes(month)) return false;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return date === (schedule.day === 'last' ? last : Math.min(schedule.day, last));
}

/** The next run, found day by day. */
function expectedRun(schedule: Schedule, zone: string, after: Date): string {
  for (let day = dayMs(localDay(after, zone)) - 2 * DAY_MS; ; day += DAY_MS) {
    if (!isDayOf(schedule, dayText(day))) continue;
    const at = firstMomentFrom(`${dayText(day)}T${schedule.time}`, zone);
    if (at > after.getTime()) return new Date(at).toISOString();
  }
}

const Zone = fc.constantFrom(...ZONES);
/** Also close to changes of clocks: most are in these months, and at these hours. */
const Moment = fc
  .integer({ min: Date.UTC(1975, 0, 1) / MINUTE_MS, max: Date.UTC(2037, 0, 1) / MINUTE_MS })
  .map((minutes) => new Date(minutes * MINUTE_MS));
const Time = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 15, 30, 59)),
  fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })),
);
const time = Time.map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const day = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant('last' as const));
const AnySchedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.record({ every: fc.constant('week' as const), weekday: fc.constantFrom(...WEEKDAYS), time }),
  fc.record({ every: fc.constant('month' as const), day, time }),
  fc.record({ every: fc.constant('quarter' as const), day, time }),
);
const AnyPeriod: fc.Arbitrary<CalendarPeriod> = fc.oneof(
  fc.record({ of: fc.constantFrom('last-week' as const, 'last-month' as const, 'last-quarter' as const) }),
  fc.record({ of: fc.constant('last-days' as const), days: fc.integer({ min: 1, max: 400 }) }),
  fc.tuple(fc.integer({ min: 2000, max: 20_000 }), fc.integer({ min: 0, max: 100 })).map(([first, more]) => ({
    of: 'days' as const,
    firstDay: dayText(first * DAY_MS),
    lastDay: dayText((first + more) * DAY_MS),
  })),
);

describe('by another library, minute by minute', () => {
  it('a period is from the first moment of a local day to that of another', () => {
    fc.assert(
      fc.property(Zone, AnyPeriod, Moment, (timeZone, period, at) => {
        const [first, end] = daysOf(period, localDay(at, timeZone));
        expect(periodOf({ period, timeZone }, at)).toEqual({
          from: new Date(midnight(first, timeZone)).toISOString(),
          to: new Date(midnight(end, timeZone)).toISOString(),
        });
      }),
      { numRuns: 150 },
    );
  });

  it('the next run is the first moment at which clocks show its time, or have passed it', () => {
    fc.assert(
      fc.property(Zone, AnySchedule, Moment, (timeZone, schedule, after) => {
        expect(nextRun({ schedule, timeZone }, after).toISOString()).toBe(expectedRun(schedule, timeZone, after));
      }),
      { numRuns: 150 },
    );
  });

  it('runs follow each other, each later, and none is left out or comes twice', () => {
    fc.assert(
      fc.property(Zone, AnySchedule, Moment, (timeZone, schedule, start) => {
        let at = start;
        for (let n = 0; n < 8; n += 1) {
          const next = nextRun({ schedule, timeZone }, at);
          // Whenever it is asked in between, the same one is next.
          const between = new Date(at.getTime() + Math.floor((next.getTime() - at.getTime()) / 2));
          expect(nextRun({ schedule, timeZone }, between)).toEqual(next);
          expect(nextRun({ schedule, timeZone }, new Date(next.getTime() - 1))).toEqual(next);
          expect(next.getTime()).toBeGreaterThan(at.getTime());
          at = next;
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('where clocks change', () => {
  const weekly = (weekday: (typeof WEEKDAYS)[number], at: string): Schedule => ({ every: 'week', weekday, time: at });
  const next = (schedule: Schedule, timeZone: string, after: string) =>
    nextRun({ schedule, timeZone }, new Date(after)).toISOString();

  it.each([
    // 2026-03-08: 02:00 is 03:00. What is skipped runs when clocks skip it.
    ['America/New_York', 'sunday', '02:30', '2026-03-07T12:00:00Z', '2026-03-08T07:00:00.000Z'],
    // 2026-11-01: 01:30 comes twice, at 05:30Z and at 06:30Z.
    ['America/New_York', 'sunday', '01:30', '2026-10-31T12:00:00Z', '2026-11-01T05:30:00.000Z'],
    ['America/New_York', 'sunday', '01:30', '2026-11-01T05:30:00Z', '2026-11-08T06:30:00.000Z'],
    // 2026-10-04: 02:00 is 02:30, half an hour only.
    ['Australia/Lord_Howe', 'sunday', '02:15', '2026-10-03T00:00:00Z', '2026-10-03T15:30:00.000Z'],
    // 2026-04-05: 01:30 to 02:00 comes twice.
    ['Australia/Lord_Howe', 'sunday', '01:45', '2026-04-04T00:00:00Z', '2026-04-04T14:45:00.000Z'],
    ['Asia/Kathmandu', 'monday', '00:00', '2026-05-10T00:00:00Z', '2026-05-10T18:15:00.000Z'],
    // Friday, 30 December 2011 was left out.
    ['Pacific/Apia', 'friday', '08:00', '2011-12-29T00:00:00Z', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', 'saturday', '08:00', '2011-12-29T00:00:00Z', '2011-12-30T18:00:00.000Z'],
  ] as const)('%s on %s at %s after %s', (zone, weekday, at, after, expected) => {
    expect(next(weekly(weekday, at), zone, after)).toBe(expected);
  });

  it.each([
    [2026, 3, 743], // Berlin goes an hour forward
    [2026, 10, 745],
    [2026, 2, 672],
  ])('a month of Berlin is as long as it is: %i-%i has %i hours', (year, month, hours) => {
    const at = new Date(Date.UTC(year, month, 3));
    const { from, to } = periodOf({ period: { of: 'last-month' }, timeZone: 'Europe/Berlin' }, at);
    expect((Date.parse(to) - Date.parse(from)) / 3_600_000).toBe(hours);
  });

  it('a day that a zone left out is no time at all', () => {
    const of = (firstDay: string, lastDay: string) =>
      periodOf({ period: { of: 'days', firstDay, lastDay }, timeZone: 'Pacific/Apia' }, new Date());
    expect(of('2011-12-29', '2011-12-31')).toEqual({
      from: '2011-12-29T10:00:00.000Z',
      to: '2011-12-31T10:00:00.000Z',
    });
    const { from, to } = of('2011-12-30', '2011-12-30');
    expect(from).toBe(to);
  });

  it('a day that a month lacks is its last', () => {
    const monthly: Schedule = { every: 'month', day: 31, time: '06:00' };
    expect(next(monthly, 'UTC', '2028-02-01T00:00:00Z')).toBe('2028-02-29T06:00:00.000Z');
    expect(next({ ...monthly, day: 'last' }, 'UTC', '2026-02-28T06:00:00Z')).toBe('2026-03-31T06:00:00.000Z');
    expect(next({ every: 'quarter', day: 31, time: '06:00' }, 'UTC', '2026-02-01T00:00:00Z')).toBe(
      '2026-04-30T06:00:00.000Z',
    );
  });
});

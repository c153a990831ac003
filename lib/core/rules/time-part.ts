import type { TimePart } from './rule';

/** What each can be. */
export const RANGE_OF: Readonly<Record<TimePart, readonly [from: number, to: number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1970, 2261],
};

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}

/** A part of an instant as clocks and calendars of a zone show it. */
export function timePart(instant: Date, part: TimePart, zone: string): number {
  const local = inZone(instant, zone);
  switch (part) {
    case 'minute':
      return local.getUTCMinutes();
    case 'hour':
      return local.getUTCHours();
    case 'day':
      return local.getUTCDate();
    case 'week':
      return isoWeek(local);
    case 'month':
      return local.getUTCMonth() + 1;
    case 'year':
      return local.getUTCFullYear();
  }
}

/** What clocks of a zone show, as if it were UTC. */
function inZone(instant: Date, zone: string): Date {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const of = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return new Date(Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute')));
}

/** ISO 8601: a week is of the year that its Thursday is in. */
function isoWeek(local: Date): number {
  const thursday = new Date(local);
  thursday.setUTCDate(local.getUTCDate() + 4 - (local.getUTCDay() || 7));
  const days = (thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000;
  return Math.floor(days / 7) + 1;
}

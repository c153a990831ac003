import type { Period } from '../../schemas/common';
import { localDays } from '../schedule/period-of';

/** To the minute, in UTC. */
export function minute(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
}

/** Of a definition the days of its zone, and of another one than UTC their ends too. */
export function periodText(period: Period, timeZone = 'UTC'): string {
  if (timeZone === 'UTC') return spanOf(period);
  return `${localDays(period, timeZone)}, whole days in ${timeZone} (${minute(period.from)} to ${minute(period.to)} UTC)`;
}

/** Whole days with both ends, other times as they are. */
function spanOf({ from, to }: Period): string {
  const isDay = (instant: string) => Date.parse(instant) % 86_400_000 === 0;
  if (!isDay(from) || !isDay(to)) return `${minute(from)} to ${minute(to)}`;
  const last = new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
  return from.slice(0, 10) === last ? last : `${from.slice(0, 10)} to ${last}, whole days`;
}

const DAY_MS = 86_400_000;

/** Whole days, half-open, as days since 1970. */
export type Days = { from: number; to: number };

/** The days a partition of `events` is of: an ISO week, `202619`, of the years that are parted by weeks, or a year, `1999`. Null for no such name. */
export function daysOfPartition(partition: string): Days | null {
  const year = Number(partition.slice(0, 4));
  if (/^\d{4}$/.test(partition)) return { from: dayOf(year), to: dayOf(year + 1) };
  if (!/^\d{6}$/.test(partition)) return null;
  // 4 January lies in the first week.
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth / DAY_MS - ((new Date(fourth).getUTCDay() + 6) % 7);
  const from = monday + (Number(partition.slice(4)) - 1) * 7;
  return { from, to: Math.min(from + 7, dayOf(END_OF_WEEKS)) };
}

/** The first year that is one partition again. */
const END_OF_WEEKS = 2036;

function dayOf(year: number): number {
  return Date.UTC(year, 0, 1) / DAY_MS;
}

/** The beginning of a day as the lake writes a time. */
export function dayText(day: number): string {
  return `${dateText(day)} 00:00:00.000000`;
}

/** A day as the lake writes it. */
export function dateText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day a time lies in, as the lake writes it. */
export function dayOfText(time: string): number {
  return Date.parse(`${time.slice(0, 10)}T00:00:00Z`) / DAY_MS;
}

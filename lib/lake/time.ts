import { compareInstants } from '../core/time';

/** Times the lake knows; a record that states one outside, or none, stands at `FIRST` and is in no period. */
const FIRST = '1970-01-01T00:00:00Z';
const END = '2262-01-01T00:00:00Z';
const UNKNOWN = '1970-01-01 00:00:00.000000';

/** A record's time as a row of the lake has it, cut to microseconds. One outside 1970 to 2261 counts as unknown. */
export function lakeTime(instant: string | null): string {
  return !instant || instant < '1970' || instant >= '2262' ? UNKNOWN : written(instant);
}

/** RFC 3339 UTC as a parameter of the lake, cut to microseconds, and to the times it knows. */
export function lakeInstant(instant: string): string {
  return written(compareInstants(instant, FIRST) < 0 ? FIRST : compareInstants(instant, END) > 0 ? END : instant);
}

function written(instant: string): string {
  const end = instant.endsWith('Z') ? instant.length - 1 : instant.length;
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)}.${instant.slice(20, Math.min(26, end)).padEnd(6, '0')}`;
}

/** Whether a time as the lake writes it is that of records which state none. */
export function isUnknownTime(text: string): boolean {
  return instantText(text).startsWith('1970-01-01T00:00:00.000000');
}

/** A time as the lake writes it, `2026-05-11T08:00:00.123456Z` or `2026-05-11 08:00:00.123456`, as RFC 3339. */
export function instantText(text: string): string {
  const iso = text.replace(' ', 'T');
  return iso.endsWith('Z') ? iso : `${iso}Z`;
}

/** The same without the zeros the lake fills a fraction up with. */
export function briefInstant(text: string): string {
  return instantText(text).replace(/(?:\.0+|(\.\d*?)0+)Z$/, '$1Z');
}

/** The same as a Date, cut to milliseconds. */
export function instant(text: string): Date {
  return new Date(instantText(text));
}

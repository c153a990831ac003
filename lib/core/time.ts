const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):?(\d\d))$/;

/** What most writers write, which is normalised as it stands when there is such a day. */
const PLAIN = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;
/** The day of the last that was: records of one day lie together. */
let plainDay = 'none';

/**
 * A stated time as RFC 3339 UTC ending in `Z`; a fraction stays as written, up to nine digits.
 * A leap second, the last of a UTC month (RFC 3339 section 5.7), counts as the second after it, as in POSIX time.
 * Null for anything that is no full date and time with a zone.
 */
export function normaliseInstant(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (value.startsWith(plainDay) && PLAIN.test(value)) return value;
  const match = RFC_3339.exec(value);
  if (!match) return null;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    fraction,
    ,
    sign,
    zoneHour,
    zoneMinute,
  ] = match;
  if (+hour > 23 || +minute > 59 || +second > 60) return null;
  const utcMs = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second);
  // Date.UTC rolls 31 February over and reads years below 100 as 19xx: neither is a time anyone wrote.
  if (new Date(Date.UTC(+year, +month - 1, +day)).getUTCDate() !== +day || +month < 1 || +month > 12 || +year < 100)
    return null;
  plainDay = `${year}-${month}-${day}T`;
  const digits = fraction ? `.${fraction.slice(0, 9)}` : '';
  if (!sign && second !== '60') return `${year}-${month}-${day}T${hour}:${minute}:${second}${digits}Z`;
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return null;
  const offsetMs = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60_000 * (sign === '-' ? -1 : 1);
  const shifted = new Date(utcMs - offsetMs);
  if (second === '60' && !/-01T00:00:00/.test(shifted.toISOString())) return null;
  const inRange = shifted.getUTCFullYear() >= 100 && shifted.getUTCFullYear() <= 9999;
  return inRange ? `${shifted.toISOString().slice(0, 19)}${digits}Z` : null;
}

/** A time counted in whole seconds and nanoseconds since 1970; null when it is outside the years 100 to 9999 or no such count. */
export function instantOfUnix(seconds: unknown, nanos: unknown): string | null {
  if (
    typeof seconds !== 'number' ||
    !Number.isSafeInteger(seconds) ||
    typeof nanos !== 'number' ||
    !Number.isInteger(nanos) ||
    nanos < 0 ||
    nanos > 999_999_999
  )
    return null;
  const date = new Date(seconds * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 100 && year <= 9999)) return null;
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '');
  return `${date.toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Orders two normalised instants: negative when `a` is earlier. */
export function compareInstants(a: string, b: string): number {
  const [left, right] = [a.slice(0, -1), b.slice(0, -1)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The earlier of two instants, either of which may be none. */
export function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareInstants(b, a) < 0 ? b : a;
}

/** The later of two instants, either of which may be none. */
export function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareInstants(b, a) > 0 ? b : a;
}

/** Microseconds since 1970 of a normalised instant, what is finer cut off; exact up to the year 2255. */
export function microsOf(instant: string): number {
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  return Math.floor(Date.parse(instant) / 1000) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Microseconds since 1970 as RFC 3339 UTC, to the microsecond. */
export function instantOfMicros(us: number): string {
  const second = new Date(Math.floor(us / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(us % 1_000_000).padStart(6, '0')}Z`;
}

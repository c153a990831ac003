const OPTIONS = {
  /** `11 May 2026, 08:00` */
  minute: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  /** `11 May 2026, 08:00:05` */
  second: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  /** `11 May 2026` */
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  /** `11 May, 08:00` */
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  /** `11 May` */
  date: { day: 'numeric', month: 'short' },
  /** `08:00:05` */
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  /** `08:00` */
  clock: { hour: '2-digit', minute: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type InstantStyle = keyof typeof OPTIONS;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(style: InstantStyle, zone: string): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { ...OPTIONS[style], timeZone: zone, hourCycle: 'h23' });
    formatters.set(key, found);
  }
  return found;
}

/** An RFC 3339 instant in an IANA zone. Returns the text unchanged when it is no time. */
export function formatInstant(at: string, zone: string, style: InstantStyle = 'minute'): string {
  const time = Date.parse(at);
  // engines differ in which space they put before or between parts
  return Number.isNaN(time) ? at : formatter(style, zone).format(time).replaceAll('\u202f', ' ').replace('Sept', 'Sep');
}

/** `2026-05-11 08:00:05 UTC`, with the fraction as written. */
export function formatUtc(at: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)Z$/.exec(at);
  return match ? `${match[1]} ${match[2]} UTC` : at;
}

/** True for a zone this engine knows; a cookie may hold anything. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

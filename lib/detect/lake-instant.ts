/** A lake time, `2026-05-11T08:00:00.123456Z` or `2026-05-11 08:00:00.123456`, as RFC 3339. */
export function instantText(text: string): string {
  const iso = text.replace(' ', 'T');
  return iso.endsWith('Z') ? iso : `${iso}Z`;
}

/** The same as a Date, cut to milliseconds. */
export function instant(text: string): Date {
  return new Date(instantText(text));
}

/** The end of a half-open window must not move before its last record when cut to milliseconds. */
export function ceilToMs(text: string): Date {
  const floor = instant(text);
  return /\.\d{3}0*Z?$/.test(text) ? floor : new Date(floor.getTime() + 1);
}

import 'server-only';
import { compareInstants } from '../core/time';
import type { Period } from '../schemas/common';

/** Times the lake knows; a record that states one outside, or none, is in no period. */
const FIRST = '1970-01-01T00:00:00Z';
const END = '2262-01-01T00:00:00Z';

/**
 * Events as they count: a record that stands in the lake twice for a moment, as open and as closed, or inserted again, is there once.
 * Whatever is counted or listed over more than one chain reads from here.
 */
export const EVENTS = 'events FINAL';

/** The records of a half-open period: those that state a time in it. Takes the parameters `lakePeriod` gives. */
export const IN_PERIOD = `recorded_at > toDateTime64(0, 6, 'UTC') AND recorded_at >= {from: DateTime64(6, 'UTC')} AND recorded_at < {to: DateTime64(6, 'UTC')}`;

/** A period as parameters of the lake. */
export function lakePeriod({ from, to }: Period): { from: string; to: string } {
  return { from: lakeInstant(from), to: lakeInstant(to) };
}

/** RFC 3339 UTC as a parameter of the lake, cut to microseconds, and to the times it knows. */
export function lakeInstant(instant: string): string {
  const known = compareInstants(instant, FIRST) < 0 ? FIRST : compareInstants(instant, END) > 0 ? END : instant;
  const [seconds = '', fraction = ''] = known.replace(/Z$/, '').split('.');
  return `${seconds.replace('T', ' ')}.${fraction.slice(0, 6).padEnd(6, '0')}`;
}

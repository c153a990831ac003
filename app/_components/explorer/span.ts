import { parseAsArrayOf, parseAsString } from 'nuqs';
import { resolvePeriod } from '@/app/_components/format/period';
import type { Period } from '@/lib/schemas/common';
import type { RangeKey } from '@/lib/schemas/views';

const MINUTE_MS = 60_000;
/** The latest times that can be chosen at once, in minutes. */
export const RANGES: readonly { key: RangeKey; label: string; minutes: number }[] = [
  { key: '15m', label: 'Last 15 minutes', minutes: 15 },
  { key: '1h', label: 'Last hour', minutes: 60 },
  { key: '4h', label: 'Last 4 hours', minutes: 240 },
  { key: '24h', label: 'Last 24 hours', minutes: 1_440 },
  { key: '7d', label: 'Last 7 days', minutes: 10_080 },
  { key: '30d', label: 'Last 30 days', minutes: 43_200 },
  { key: '90d', label: 'Last 90 days', minutes: 129_600 },
  { key: '365d', label: 'Last 12 months', minutes: 525_600 },
];
const FALLBACK: RangeKey = '7d';
const FALLBACK_MINUTES = 10_080;

/** What the address of the page says. `record` is `chain:ordinal`. */
export const EVENT_PARAMS = {
  q: parseAsString.withDefault(''),
  period: parseAsString,
  from: parseAsString,
  to: parseAsString,
  record: parseAsString,
  /** The order of the records; newest first where it names none. */
  sort: parseAsString,
  /** Columns of the table; those of the person where it names none. */
  columns: parseAsArrayOf(parseAsString),
  /** The saved view this began with. */
  view: parseAsString,
};

export type Span = Period & { /** Of a range that ends now; null for one between two times. */ key: RangeKey | null };

/** The period that is searched: a range that ends with the minute after `now`, between two instants, or whole days as other pages write them. */
export function spanOf(
  { period, from, to }: { period: string | null; from: string | null; to: string | null },
  now: number,
): Span {
  if (from && to) {
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    if (from.includes('T') && to.includes('T') && begin < end) return { key: null, from: iso(begin), to: iso(end) };
    const days = resolvePeriod({ from, to }, now);
    if (days.key === 'custom') return { key: null, from: days.from, to: days.to };
  }
  const range = RANGES.find(({ key }) => key === period) ?? { key: FALLBACK, minutes: FALLBACK_MINUTES };
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  return { key: range.key, from: iso(end - range.minutes * MINUTE_MS), to: iso(end) };
}

/** The record an address names, `chain:ordinal`. */
export function readPlace(record: string | null): { chainId: string; ordinal: number } | null {
  const read = /^([0-9a-f-]{36}):(\d{1,15})$/.exec(record ?? '');
  return read?.[1] && read[2] ? { chainId: read[1], ordinal: Number(read[2]) } : null;
}

/** As long a period, just before. */
export function before({ from, to }: Period): Period {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return { from: iso(Math.max(0, begin - (end - begin))), to: iso(begin) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

import type { Period } from '@/lib/schemas/common';

const DAY_MS = 86_400_000;
/** No record states a time from here on. */
const END_MS = Date.UTC(2262, 0, 1);
export const PERIODS = ['24h', '7d', '30d', '90d', '365d', 'last-month', 'last-quarter'] as const;
export type PeriodKey = (typeof PERIODS)[number];
export const PERIOD_LABEL: Record<PeriodKey, string> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '365d': 'Last 12 months',
  'last-month': 'Last month',
  'last-quarter': 'Last quarter',
};
/** Of those that end now. */
const LENGTH_MS = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
  '365d': 365 * DAY_MS,
};
/** Of those that are the last to have ended, in months. */
const MONTHS = { 'last-month': 1, 'last-quarter': 3 } as const;

/** What the address says: a named period, or whole UTC days with the last one in (`from=2026-05-01&to=2026-05-31`). */
export type PeriodParams = { period?: string | undefined; from?: string | undefined; to?: string | undefined };
export type ChosenPeriod = Period & { key: PeriodKey | 'custom' };

/** The half-open period of an address. Anything unreadable falls back to `fallback`, ending at the hour or day after `now`. */
export function resolvePeriod(params: PeriodParams, now: number, fallback: PeriodKey = '30d'): ChosenPeriod {
  const custom = customDays(params.from, params.to);
  if (custom) return { key: 'custom', ...custom };
  const key = PERIODS.find((known) => known === params.period) ?? fallback;
  if (key === 'last-month' || key === 'last-quarter') {
    const [year, month, length] = [new Date(now).getUTCFullYear(), new Date(now).getUTCMonth(), MONTHS[key]];
    const end = month - (month % length);
    return { key, from: instant(Date.UTC(year, end - length)), to: instant(Date.UTC(year, end)) };
  }
  const step = key === '24h' ? 3_600_000 : DAY_MS;
  const end = Math.floor(now / step) * step + step;
  return { key, from: instant(end - LENGTH_MS[key]), to: instant(end) };
}

function customDays(from: string | undefined, to: string | undefined): Period | null {
  if (!from || !to || !/^\d{4}-\d\d-\d\d$/.test(from) || !/^\d{4}-\d\d-\d\d$/.test(to)) return null;
  const [start, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  if (Number.isNaN(start) || Number.isNaN(last) || last < start || start < 0 || last >= END_MS) return null;
  return { from: instant(start), to: instant(last + DAY_MS) };
}

/** RFC 3339 without a fraction. */
function instant(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** The day of an instant in UTC, `2026-05-11`, as the address writes it. */
export function utcDay(at: string): string {
  return new Date(Date.parse(at)).toISOString().slice(0, 10);
}

/** What an address says of a period that was chosen: its name, or its first and last day. */
export function periodAddress({ key, from, to }: ChosenPeriod): string {
  const last = new Date(Date.parse(to) - 1).toISOString();
  return new URLSearchParams(key === 'custom' ? { from: utcDay(from), to: utcDay(last) } : { period: key }).toString();
}

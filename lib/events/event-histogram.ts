import 'server-only';
import type { Context } from '../context';
import { type Searched, extentOf, histogramOf } from '../lake/query/search';
import { bucketsOf, stepOf } from '../reports/buckets';
import type { Period } from '../schemas/common';
import type { EventHistogram } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

/**
 * How many records a search finds by decision over a period; of a chain without one, from the first time that is found to the last.
 * @throws AppError BAD_REQUEST, NOT_FOUND, SEARCH_TOO_LARGE.
 */
export async function eventHistogram(ctx: Context, requested: RequestedSearch): Promise<EventHistogram> {
  const searched = await readSearched(ctx, requested);
  if (searched.period !== null) return { ...(await figures(ctx, searched, searched.period)), untimed: 0 };
  const { total, timed, period } = await extentOf(ctx, searched);
  const untimed = total - timed;
  if (period === null) return { period, stepSeconds: 1, total, untimed, buckets: [] };
  const timedOnes = await figures(ctx, { ...searched, period }, period);
  return { ...timedOnes, total: timedOnes.total + untimed, untimed };
}

async function figures(ctx: Context, searched: Searched, period: Period): Promise<Omit<EventHistogram, 'untimed'>> {
  const stepSeconds = stepOf(period);
  const counted = await histogramOf(ctx, { ...searched, period }, stepSeconds);
  return {
    period,
    stepSeconds,
    total: counted.reduce((sum, { records }) => sum + records, 0),
    buckets: bucketsOf(period, stepSeconds, counted),
  };
}

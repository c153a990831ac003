import 'server-only';
import type { Context } from '../context';
import { histogramOf } from '../lake/query/search';
import { bucketsOf, stepOf } from '../reports/buckets';
import type { EventHistogram } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

/** How many records a search finds by decision over a period. @throws AppError BAD_REQUEST, SEARCH_TOO_LARGE. */
export async function eventHistogram(ctx: Context, requested: RequestedSearch): Promise<EventHistogram> {
  const searched = await readSearched(ctx, requested);
  const { period } = searched;
  const stepSeconds = stepOf(period);
  const counted = await histogramOf(ctx, searched, stepSeconds);
  return {
    period,
    stepSeconds,
    total: counted.reduce((sum, { records }) => sum + records, 0),
    buckets: bucketsOf(period, stepSeconds, counted),
  };
}

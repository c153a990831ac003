import 'server-only';
import type { Context } from '../context';
import { histogramOf } from '../lake/query/search';
import type { EventHistogram } from '../schemas/events';
import { type RequestedSearch, readSearched } from './searched';

/** Steps of a histogram, in seconds: those a clock has. */
const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000];
const MOST_STEPS = 120;

/** How many records a search finds by decision over a period, in steps that begin at multiples of themselves. @throws AppError BAD_REQUEST, SEARCH_TOO_LARGE. */
export async function eventHistogram(ctx: Context, requested: RequestedSearch): Promise<EventHistogram> {
  const searched = await readSearched(ctx, requested);
  const [fromSeconds, toSeconds] = [Date.parse(requested.from) / 1000, Date.parse(requested.to) / 1000];
  const stepSeconds =
    STEPS.find((step) => (toSeconds - fromSeconds) / step <= MOST_STEPS) ??
    Math.ceil((toSeconds - fromSeconds) / MOST_STEPS);
  const rows = await histogramOf(ctx, searched, stepSeconds);
  const first = Math.floor(fromSeconds / stepSeconds) * stepSeconds;
  const buckets: EventHistogram['buckets'] = [];
  for (let at = first; at < toSeconds; at += stepSeconds)
    buckets.push({ at: new Date(at * 1000).toISOString(), counts: {} });
  for (const { at, decision, records } of rows) {
    const bucket = buckets[(at - first) / stepSeconds];
    if (bucket) bucket.counts[decision] = records;
  }
  return {
    period: { from: requested.from, to: requested.to },
    stepSeconds,
    total: rows.reduce((sum, { records }) => sum + records, 0),
    buckets,
  };
}

import 'server-only';
import type { Context } from '../../context';
import { dateText, daysOfPartition } from '../figures/days';
import { partitionStates } from './partitions';
import { reportedIn } from './reported';
import { recordedBetween } from './totals';

const DAY_SECONDS = 86_400;

/**
 * The first UTC day that a record states, `2026-05-11`; null when none states a time. One partition after the other is asked, the oldest first, until
 * one has such a record; where rows lie on several servers, all records are.
 */
export async function oldestDay(ctx: Context): Promise<string | null> {
  if (ctx.env.lakeCluster !== null) return (await recordedBetween(ctx))?.first.toISOString().slice(0, 10) ?? null;
  const parts = (await partitionStates(ctx))
    .flatMap(({ partition }) => daysOfPartition(partition) ?? [])
    .toSorted((a, b) => a.from - b.from);
  for (const { from, to } of parts) {
    const period = { from: `${dateText(from)}T00:00:00Z`, to: `${dateText(to)}T00:00:00Z` };
    const { steps } = await reportedIn(ctx, { period, stepSeconds: DAY_SECONDS, mostTools: 1 });
    if (steps.length > 0) return dateText(Math.min(...steps.map(({ at }) => at)) / DAY_SECONDS);
  }
  return null;
}

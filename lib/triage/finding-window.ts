import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { timespanMs } from '../core/rules/kinds/section';
import { termOf } from '../core/search/edit';
import { searchField } from '../core/search/fields';
import { eventHistogram } from '../events/event-histogram';
import { stepOf } from '../reports/buckets';
import type { Period } from '../schemas/common';
import type { FindingInFull, FindingWindow } from '../schemas/findings';

/** Of the window, shown before and after it. */
const AROUND = 0.25;
const LEAST_AROUND_MS = 60_000;

/**
 * The records a finding lists over its window and some time around, and the others of its group there; without those where the group is of fields that no
 * search knows, or would cost a search too much. Null for one that no records prove.
 */
export async function findingWindow(ctx: Context, finding: FindingInFull): Promise<FindingWindow | null> {
  const { windowFrom, windowTo, measures, records } = finding;
  if (measures.kind === 'evidence' || records.length === 0) return null;
  const [from, to] = [Date.parse(windowFrom), Date.parse(windowTo)];
  const aroundMs = Math.max((to - from) * AROUND, LEAST_AROUND_MS, Math.min(timespanMs(measures.timespan), to - from));
  const period = {
    from: new Date(Math.max(0, from - aroundMs)).toISOString(),
    to: new Date(to + aroundMs).toISOString(),
  };
  const stepMs = stepOf(period) * 1000;
  const others = await ofGroup(ctx, finding, period);
  const found = Map.groupBy(records, ({ recordedAt }) => Math.floor(Date.parse(recordedAt) / stepMs));
  const buckets: FindingWindow['buckets'] = [];
  for (let at = Math.floor(Date.parse(period.from) / stepMs); at * stepMs < Date.parse(period.to); at += 1) {
    const own = found.get(at)?.length ?? 0;
    buckets.push({
      at: new Date(at * stepMs).toISOString(),
      found: own,
      others: others && Math.max(0, (others.get(at * stepMs) ?? 0) - own),
    });
  }
  return { stepSeconds: stepMs / 1000, buckets };
}

/** All records of the group by step, from its first moment; null where there is no search for them. */
async function ofGroup(ctx: Context, { group }: FindingInFull, period: Period): Promise<Map<number, number> | null> {
  const stated = Object.entries(group).filter(([, value]) => value !== '');
  if (stated.length === 0 || stated.some(([field]) => !searchField(field))) return null;
  try {
    const q = stated.map(([field, value]) => termOf(field, value)).join(' ');
    const { buckets } = await eventHistogram(ctx, { q, ...period });
    return new Map(
      buckets.map(({ at, counts }) => [Date.parse(at), Object.values(counts).reduce((sum, count) => sum + count, 0)]),
    );
  } catch (error) {
    if (error instanceof AppError && (error.code === 'BAD_REQUEST' || error.code === 'SEARCH_TOO_LARGE')) return null;
    throw error;
  }
}

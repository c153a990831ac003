import 'server-only';
import type { Context } from '../context';
import type { Decision } from '../core/event/fields';
import { decisionsOverTime } from '../lake/query/histogram';
import type { Period } from '../schemas/common';
import type { Bucket } from '../schemas/reports';

const STEPS_SECONDS = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 7 * 86_400];
const MOST_BUCKETS = 120;

/** The finest step that gives at most 120 buckets. */
function bucketSeconds({ from, to }: Period): number {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return (
    STEPS_SECONDS.find((step) => seconds / step <= MOST_BUCKETS) ?? Math.ceil(seconds / MOST_BUCKETS / 86_400) * 86_400
  );
}

/** Records by decision over time; every bucket of the period is there. */
export async function activity(ctx: Context, period: Period): Promise<{ bucketSeconds: number; activity: Bucket[] }> {
  const step = bucketSeconds(period);
  const counts = new Map<number, Partial<Record<Decision, number>>>();
  for (const row of await decisionsOverTime(ctx, period, step)) {
    const bucket = counts.get(row.at) ?? {};
    bucket[row.decision] = row.records;
    counts.set(row.at, bucket);
  }
  const first = Math.floor(Date.parse(period.from) / 1000 / step) * step;
  const buckets: Bucket[] = [];
  for (let at = first; at * 1000 < Date.parse(period.to); at += step)
    buckets.push({ at: new Date(at * 1000).toISOString(), counts: counts.get(at) ?? {} });
  return { bucketSeconds: step, activity: buckets };
}

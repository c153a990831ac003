import 'server-only';
import { DECISIONS, type Decision } from '../core/event/fields';
import type { Period } from '../schemas/common';
import type { Bucket } from '../schemas/reports';

/** Those a clock has. */
const STEPS_SECONDS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800];
const MOST_BUCKETS = 120;

/** The finest step that gives at most 120 buckets, in seconds; past two years so many whole days. */
export function stepOf({ from, to }: Period): number {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return (
    STEPS_SECONDS.find((step) => seconds / step <= MOST_BUCKETS) ?? Math.ceil(seconds / MOST_BUCKETS / 86_400) * 86_400
  );
}

/** Every bucket of a period, the first the one `from` lies in, with what was counted; steps begin at multiples of themselves. */
export function bucketsOf(
  { from, to }: Period,
  stepSeconds: number,
  counted: readonly { at: number; decision: Decision; records: number }[],
): Bucket[] {
  const counts = Map.groupBy(counted, ({ at }) => at);
  const first = Math.floor(Date.parse(from) / 1000 / stepSeconds) * stepSeconds;
  const buckets: Bucket[] = [];
  for (let at = first; at * 1000 < Date.parse(to); at += stepSeconds)
    buckets.push({
      at: new Date(at * 1000).toISOString(),
      counts: Object.fromEntries(inOrder(counts.get(at) ?? []).map(({ decision, records }) => [decision, records])),
    });
  return buckets;
}

/** In the order of the list of decisions, whatever order they were counted in. */
export function inOrder<T extends { decision: Decision }>(counted: readonly T[]): T[] {
  return counted.toSorted((a, b) => DECISIONS.indexOf(a.decision) - DECISIONS.indexOf(b.decision));
}

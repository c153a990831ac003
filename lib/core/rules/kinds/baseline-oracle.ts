import { type Baseline, type Excess, OVER } from './baseline-over';
import type { Around, Condition, KindMeaning, Seen } from './kind';
import { holds } from './section';

/** What a window is held against: a baseline, nothing while it is cold, or null when it is none of both. */
type Standing = { baseline: number } | 'cold' | null;

/** What a baseline means, said plainly. */
export function baselineMeaning(correlation: Baseline): KindMeaning {
  const plain = OVER[correlation.over.type].meaning(correlation.over);
  return {
    ...(plain.isStated && { isStated: plain.isStated }),
    measure: (window, around) => {
      const { measured, isHit } = plain.measure(window, around);
      const beginsUs = around.t - correlation.timespanMs * 1000;
      const inside = around.everyone.filter(({ t }) => t >= beginsUs && t <= around.t).length;
      const amountOf = (records: readonly Seen[]) => plain.measure(records, around).measured;
      const standing = standingOf(correlation, around, beginsUs, amountOf);
      const exceeds = ({ ratio, cold }: Excess) =>
        standing === 'cold'
          ? cold !== null && holds(cold.measured, measured) && holds(cold.share, window.length / inside)
          : standing !== null && ratio !== null && isMore(correlation, ratio, measured, standing.baseline);
      const severity = correlation.levels.find(({ excess }) => exceeds(excess))?.severity ?? correlation.severity;
      const against = standing === null || standing === 'cold' ? -1 : Math.max(0, standing.baseline);
      return { measured, isHit: isHit && exceeds(correlation.excess), severity, against };
    },
  };
}

function standingOf(
  { past, timespanMs, of, warm, instant }: Baseline,
  { group, everyone }: Around,
  beginsUs: number,
  amountOf: (records: readonly Seen[]) => number,
): Standing {
  const fromUs = past.lengthMs === null ? 0 : beginsUs - past.lengthMs * 1000;
  const before = everyone.filter(({ t }) => t >= fromUs && t < beginsUs).map(({ t }) => t);
  const [first = 0, last = 0] = [before[0], before.at(-1)];
  if (before.length < warm.records) return 'cold';
  if (of === 'rate') {
    if (last <= first && instant === 'pass') return null;
    const amount = amountOf(group.filter(({ t }) => t >= fromUs && t < beginsUs));
    if (amount <= 0) return { baseline: 0 };
    return last <= first ? 'cold' : { baseline: (amount / ((last - first) / 1000)) * timespanMs };
  }
  const lengthUs = timespanMs * 1000;
  const anchorUs = past.lengthMs === null ? (everyone[0]?.t ?? 0) : 0;
  const windowOf = (t: number) => Math.floor((t - anchorUs) / lengthUs);
  const newest = windowOf(beginsUs - 1);
  const most = past.lengthMs === null ? Number.POSITIVE_INFINITY : Math.floor(past.lengthMs / timespanMs);
  const told = group.filter(({ t }) => t < beginsUs && windowOf(t) > newest - most);
  const sizes = [...Map.groupBy(told, ({ t }) => windowOf(t)).values()].map(amountOf).toSorted((a, b) => a - b);
  if (sizes.length < Math.max(1, warm.windows)) return 'cold';
  if (last <= first) return instant === 'pass' ? null : 'cold';
  return { baseline: sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * (of.percentile / 100)))] ?? 0 };
}

/** A baseline that comes to nothing is exceeded by any ratio. */
function isMore({ of, atLeast }: Baseline, ratio: readonly Condition[], measured: number, baseline: number): boolean {
  if (baseline <= 0) return ratio.every(({ op }) => op === 'gt' || op === 'gte' || op === 'neq');
  const against = Math.max(baseline, atLeast);
  return of === 'rate'
    ? holds(ratio, measured / against)
    : ratio.every(({ op, value }) => holds([{ op, value: value * against }], measured));
}

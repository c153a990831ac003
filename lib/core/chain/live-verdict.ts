import type { SegmentCheck } from './check';
import type { ChainFormat } from './format';
import { joinSegments, verdictOf } from './join';
import type { ProblemCounts } from './problem';
import type { Verdict } from './verdict';

/** Verdict and counts of a chain as it grows, of what its check tells and of what was found of it before, the witness included. */
export function liveVerdict(
  format: ChainFormat,
  check: SegmentCheck,
  known: ProblemCounts,
): { verdict: Verdict; problemCounts: ProblemCounts } {
  const counts: ProblemCounts = { ...joinSegments(format, [check], []).problemCounts };
  // That nothing is chained stops being so; everything else that was found stays found.
  const { 'no-chain': _, ...lasting } = known;
  for (const [code, count] of Object.entries(lasting) as [keyof ProblemCounts, number][])
    counts[code] = Math.max(counts[code] ?? 0, count); // keys of our own type
  return { verdict: verdictOf(counts), problemCounts: counts };
}

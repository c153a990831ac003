import type { SegmentCheck } from './check';
import type { ChainFormat } from './format';
import { joinSegments } from './join';
import type { ProblemCounts } from './problem';
import { type ChainVerdict, type Verdict, worst } from './verdict';

/** Verdict and counts of the chain as it grows. What was found of it before, the witness included, stays found. */
export function liveVerdict(format: ChainFormat, check: SegmentCheck, known: { verdict: ChainVerdict; problemCounts: ProblemCounts }): { verdict: Verdict; problemCounts: ProblemCounts } {
  const { verdict, problemCounts } = joinSegments(format, [check], []);
  const { 'no-chain': _, ...lasting } = known.problemCounts;
  const counts: ProblemCounts = { ...problemCounts };
  for (const [code, count] of Object.entries(lasting) as [keyof ProblemCounts, number][]) counts[code] = Math.max(counts[code] ?? 0, count); // keys of our own type
  const isOpen = known.verdict === 'pending' || known.verdict === 'unchained';
  return { verdict: isOpen ? verdict : worst(known.verdict as Verdict, verdict), problemCounts: counts }; // not pending: told apart above
}

import type { ProblemCode, ProblemCounts } from '../chain/problem';
import { type Verdict, exitCode } from '../chain/verdict';

/** What a standard predicate (SLSA VSA, in-toto SVR, Test Result) goes by: the verdict on exactly the bytes of its subjects. */
export type Standing = {
  verdict: Verdict;
  /** Some of the content is under no hash, so that nobody can show it is as it was written. */
  hasUncovered: boolean;
};

/** Warnings that name content no hash covers: records from before the chain began, members that were added, values given twice. */
const UNCOVERED: readonly ProblemCode[] = ['legacy-prefix', 'unknown-key', 'duplicate-key'];

export function standingOf(verdict: Verdict, counts: ProblemCounts): Standing {
  return { verdict, hasUncovered: UNCOVERED.some((code) => (counts[code] ?? 0) > 0) };
}

/** Whether a standard predicate may say so without a reservation: the chain holds by its format's own rule, and covers every byte it is about. */
export function passes({ verdict, hasUncovered }: Standing): boolean {
  return exitCode(verdict) === 0 && !hasUncovered;
}

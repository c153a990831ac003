import { verdictOf } from '../../../core/chain/join';
import type { ProblemCode, ProblemCounts } from '../../../core/chain/problem';
import { type Verdict, worst } from '../../../core/chain/verdict';
import type { Row } from '../outcome';
import type { Joined } from '../walk/join-walk';

/** What only somebody who saw the log earlier, or what lies beside it, can know. */
const SEEN_ELSEWHERE: ReadonlySet<ProblemCode> = new Set([
  'history-rewritten',
  'shorter-than-witnessed',
  'bad-signature',
  'session-mismatch',
  'merkle-mismatch',
  'ledger-mismatch',
  'unreadable-evidence',
  'unsigned-record',
]);

/** Compares a stated verdict with what the records come to here. `isPart`: what is here is only a part of what was verified. */
export function verdictRow(
  { verdict, counts, isPart = false }: { verdict: Verdict; counts: ProblemCounts; isPart?: boolean },
  joined: Joined,
): Row {
  const row = { step: 'verdict' } as const;
  const verdicts = { stated: verdict, found: joined.verdict };
  if (verdict === joined.verdict)
    return { ...row, status: 'passed', reason: { code: 'verdicts-compared', ...verdicts } };
  if (isPart && worst(verdict, joined.verdict) === verdict)
    return { ...row, status: 'skipped', reason: { code: 'verdict-of-the-rest', ...verdicts } };
  const own = verdictOf(without(counts, SEEN_ELSEWHERE));
  const problems = Object.keys(counts).filter((code) => SEEN_ELSEWHERE.has(code as ProblemCode)); // any key will do to look for
  if (problems.length > 0 && own === verdictOf(without(joined.problemCounts, SEEN_ELSEWHERE)))
    return { ...row, status: 'skipped', reason: { code: 'seen-elsewhere', ...verdicts, problems } };
  return { ...row, status: 'failed', reason: { code: 'verdicts-compared', ...verdicts } };
}

function without(counts: ProblemCounts, codes: ReadonlySet<ProblemCode>): ProblemCounts {
  return Object.fromEntries(Object.entries(counts).filter(([code]) => !codes.has(code as ProblemCode))); // any key will do to look for
}

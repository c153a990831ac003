import { verdictOf } from '../../core/chain/join';
import type { ProblemCode, ProblemCounts } from '../../core/chain/problem';
import { type Verdict, worst } from '../../core/chain/verdict';
import type { Row } from '../outcome';
import type { Joined } from '../walk/join-walk';

/** What only somebody who saw the log earlier, or what lies beside it, can know. */
const SEEN_ELSEWHERE: ReadonlySet<ProblemCode> = new Set(['history-rewritten', 'shorter-than-witnessed', 'bad-signature', 'session-mismatch', 'merkle-mismatch', 'ledger-mismatch', 'unreadable-evidence', 'unsigned-record']);

/** Holds a stated verdict against what the records come to here. `isPart`: what is here is only a part of what was judged. */
export function verdictRow({ verdict, counts, isPart = false }: { verdict: Verdict; counts: ProblemCounts; isPart?: boolean }, joined: Joined): Row {
  const title = 'Verdict';
  const here = `walked again here, it is ${joined.verdict}`;
  if (verdict === joined.verdict) return { outcome: 'holds', title, detail: `It states ${verdict}; ${here}.` };
  if (isPart && worst(verdict, joined.verdict) === verdict) return { outcome: 'unchecked', title, detail: `It states ${verdict}, which the part that is here does not show: ${here}. The rest of the chain may.` };
  const own = verdictOf(without(counts, SEEN_ELSEWHERE));
  const others = Object.keys(counts).filter((code) => SEEN_ELSEWHERE.has(code as ProblemCode)); // any key will do to look for
  if (others.length > 0 && own === verdictOf(without(joined.problemCounts, SEEN_ELSEWHERE))) {
    return { outcome: 'unchecked', title, detail: `It states ${verdict} because of what was seen before or beside the log (${others.join(', ')}), which the log alone cannot show; ${here}, as it states otherwise.` };
  }
  return { outcome: 'fails', title, detail: `It states ${verdict}; ${here}.` };
}

function without(counts: ProblemCounts, codes: ReadonlySet<ProblemCode>): ProblemCounts {
  return Object.fromEntries(Object.entries(counts).filter(([code]) => !codes.has(code as ProblemCode))); // any key will do to look for
}

import { formatCount } from '@/app/_components/format/number';
import type { RuleRun } from '@/lib/schemas/rules';

/** What made a rule look. */
export const BECAUSE: Readonly<Record<RuleRun['because'], string>> = {
  appended: 'records came',
  chain: 'a chain grew or changed',
  backfill: 'looked back',
  again: 'again: others had something new meanwhile',
  chains: 'by the clock',
};

type Came = 'ran' | 'unable' | 'failed' | 'none';
const ALONE: Readonly<Record<Came, string>> = {
  ran: 'Ran',
  unable: 'Not run: too few records of one group, or too little before them, for a finding',
  failed: 'Taken out: the event lake failed at it',
  none: 'Not run: no record is one of its',
};
const AMONG: Readonly<Record<Came, string>> = {
  ran: 'ran',
  unable: 'too few records of one group',
  failed: 'taken out',
  none: 'no record of its',
};

/** What came of one look, or how often what came of several. */
export function outcomeOf(run: RuleRun): string {
  const came = (['ran', 'unable', 'failed', 'none'] as const).filter((kind) => run[kind] > 0);
  if (run.because === 'chains') return run.ran > 0 ? 'Something changed' : 'Looked at all, nothing new';
  const [only] = came;
  if (run.looks === 1 && only) return ALONE[only];
  return came.map((kind) => `${formatCount(run[kind])} × ${AMONG[kind]}`).join(', ');
}

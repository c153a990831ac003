import type { Session } from '@/lib/schemas/sessions';
import type { Group } from './line-rows';
import { type StepItem, keyOf } from './use-line';

type Findings = Session['findings'];
/** Findings by where they stand on the line. */
export type Cited = {
  /** Those that cite a step, the worst first. */
  of(step: Pick<StepItem, 'chainId' | 'ordinal'>): Findings;
  /** Those that cite a step of a group. */
  within(group: Pick<Group, 'from' | 'to'>): Findings;
};

const NONE: Findings = [];

export function citedBy({ findings }: Pick<Session, 'findings'>): Cited {
  const byStep = new Map<string, Findings>();
  for (const finding of findings)
    for (const record of finding.records) byStep.set(keyOf(record), [...(byStep.get(keyOf(record)) ?? []), finding]);
  return {
    of: (step) => byStep.get(keyOf(step)) ?? NONE,
    within: ({ from, to }) =>
      findings.filter(({ records }) =>
        records.some(({ at }) => (at === null ? from === null : isBetween(at, from, to))),
      ),
  };
}

/** All three are written by the lake, to the microsecond. */
function isBetween(at: string, from: string | null, to: string | null): boolean {
  return from !== null && to !== null && at >= from && at <= to;
}

import { baseline } from './baseline';
import { eventCount } from './event-count';
import type { RuleKind } from './kind';
import { newTerms } from './new-terms';
import { temporal } from './temporal';
import { temporalOrdered } from './temporal-ordered';
import { valueAvg } from './value-avg';
import { valueCount } from './value-count';
import { valueMedian } from './value-median';
import { valuePercentile } from './value-percentile';
import { valueSum } from './value-sum';

/** Sigma's types of correlation, and the median. */
export const SIGMA_KINDS = [
  eventCount,
  temporal,
  temporalOrdered,
  valueAvg,
  valueCount,
  valueMedian,
  valuePercentile,
  valueSum,
] as const;

/** What a top-level attribute of the name makes of a correlation. */
export const EXTENSIONS = [baseline, newTerms] as const;

/** Every kind of rule. */
export const KINDS: readonly RuleKind[] = [...SIGMA_KINDS, ...EXTENSIONS];

/** The kind of a correlation whose type a schema of these took. */
export function kindOf({ type }: { type?: unknown }): RuleKind {
  const kind = KINDS.find((one) => one.type === type);
  if (!kind) throw new Error(`there is no kind of rule ${String(type)}`);
  return kind;
}

import type { ColumnName, TextColumn } from './columns';
import type { Correlation } from './kinds/kind';

/** Sigma's, worst first. */
export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const;
export type Level = (typeof LEVELS)[number];

/** What a record must be. Compiled to SQL, and evaluated as it stands by the reference evaluator. */
export type Predicate =
  | { kind: 'and' | 'or'; of: Predicate[] }
  | { kind: 'not'; of: Predicate }
  | { kind: 'text'; column: TextColumn; pattern: Pattern; cased: boolean }
  | { kind: 'regex'; column: TextColumn; source: string; flags: RegexFlags }
  | { kind: 'number'; column: ColumnName; op: Comparison; value: number }
  /** The record does not say. */
  | { kind: 'absent'; column: ColumnName };

/** Literal text and wildcards in turn. */
export type Pattern = ({ text: string } | 'any' | 'one')[];
export type RegexFlags = { i: boolean; m: boolean; s: boolean };
export const COMPARISONS = ['gt', 'gte', 'lt', 'lte', 'eq'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A Sigma rule that matches single records. */
export type BaseRule = { id: string; name: string; title: string; where: Predicate };

/**
 * Length of a half-open window in microseconds, the finest time records are told apart by, that holds two records exactly a timespan apart:
 * the Sigma correlation rules specification 2.1 has all events "occur in the time frame defined by timespan", and both ends of a frame of
 * 15 minutes lie in it.
 */
export function windowUs(timespanMs: number): number {
  return timespanMs * 1000 + 1;
}

/** A row of the lake as an example gives it; what is left out is empty or zero. */
export type ExampleEvent = { recorded_at: string } & Partial<Record<ColumnName, string | number>>;
export type Example = { name: string; events: ExampleEvent[]; findings: number };

/** One YAML file: base rules and the correlation over them. */
export type RuleFile = {
  /** Of the correlation, as is what follows. */
  id: string;
  title: string;
  description: string;
  level: Level;
  status: string;
  tags: string[];
  falsePositives: string[];
  references: string[];
  correlation: Correlation;
  bases: BaseRule[];
  /** Record lists with the number of findings they must give: the rule's own tests. */
  examples: Example[];
};

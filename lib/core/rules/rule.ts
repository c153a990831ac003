import type { ColumnName, TextColumn } from './columns';
import type { Correlation } from './kinds/kind';

/** Sigma's, worst first. */
export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const;
export type Level = (typeof LEVELS)[number];

/** A text of a record that is compared: one column, or for keywords all that words are searched for in, a line each. */
export const ANYWHERE = '*';
export type TextOperand = TextColumn | typeof ANYWHERE;

/** What a record must be. Compiled to SQL, and evaluated as it stands by the reference evaluator. */
export type Predicate =
  | { kind: 'and' | 'or'; of: Predicate[] }
  | { kind: 'not'; of: Predicate }
  | { kind: 'text'; column: TextOperand; pattern: Pattern; cased: boolean }
  /** `source` as `readRegex` wrote it. */
  | { kind: 'regex'; column: TextOperand; source: string; flags: RegexFlags }
  | { kind: 'number'; column: ColumnName; op: Comparison; value: number }
  /** A part of the time the record states, as clocks in the IANA zone show it. */
  | { kind: 'time'; part: TimePart; zone: string; op: Comparison; value: number }
  /** An address from the first to the last, both as IPv6 in full; an IPv4 address is the IPv6 address it maps to. */
  | { kind: 'address'; column: TextColumn; first: string; last: string }
  /** Both are stated, and the one is, holds, begins or ends with the other. */
  | { kind: 'same-text'; column: TextColumn; other: TextColumn; how: 'is' | TextModifier; cased: boolean }
  | { kind: 'same-number'; column: ColumnName; other: ColumnName; op: Comparison }
  /** The record does not say. */
  | { kind: 'absent'; column: ColumnName };

export const TEXT_MODIFIERS = ['contains', 'startswith', 'endswith'] as const;
type TextModifier = (typeof TEXT_MODIFIERS)[number];

/** Sigma's time modifiers; weeks are those of ISO 8601. */
export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

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

/** A correlation that another is over: each record that is a hit of it is one of it. */
export type InnerCorrelation = { id: string; name: string; correlation: Correlation };

/**
 * A rule of a file that finds something by itself, since every correlation over it says `generate: true`. Its findings are of the rule of the file, and
 * name it.
 */
export type GeneratedRule = { name: string } & Pick<
  RuleFile,
  | 'title'
  | 'description'
  | 'level'
  | 'tags'
  | 'atlas'
  | 'owasp'
  | 'runbook'
  | 'falsePositives'
  | 'correlation'
  | 'bases'
  | 'inner'
>;

/** A row of the lake as an example gives it; what is left out is empty or zero. */
export type ExampleEvent = { recorded_at: string; hash?: string } & Partial<Record<ColumnName, string | number>>;
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
  /** Ids of MITRE ATLAS and of the OWASP Top 10s for LLM and agentic applications. */
  atlas: string[];
  owasp: string[];
  /** What to do about a finding. */
  runbook: string;
  falsePositives: string[];
  references: string[];
  correlation: Correlation;
  bases: BaseRule[];
  /** Correlations that the correlation is over, and those that these are over: each behind what it is over itself. */
  inner: InnerCorrelation[];
  /** Rules of the file that find something by themselves as well, in the order of the file. */
  generated: GeneratedRule[];
  /** Record lists with the number of findings they must give: the rule's own tests. */
  examples: Example[];
  /** Top-level attributes that neither Sigma nor Sealtrail knows, as they were written. */
  custom: Readonly<Record<string, unknown>>;
};

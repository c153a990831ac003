import type { z } from 'zod';
import type { TextColumn } from '../columns';
import type { RuleDocument } from '../documents';
import type { Params } from '../predicate-sql';
import type { KindType, Measures } from './measures';
import type { BaseRule, Comparison, ExampleEvent, RuleFile } from '../rule';

/** What is searched: records of `[from, to)` in a table of the lake. */
export type Searched = { from: string; to: string; table: string };
export type Compiled = { sql: string; params: Params };

/** Records a finding lists; `record_count` counts them all. */
export const MAX_FINDING_RECORDS = 1000;

/** What a kind of rule measured of a hit, by name. */
export type Measured = Readonly<Record<string, number>>;

export type Found = {
  /** Of the fields grouped by, and behind them the chain when the records lack one of these, else nothing. */
  groupValues: string[];
  /** Microseconds since 1970; half-open. */
  windowFromUs: number;
  windowToUs: number;
  measured: Measured;
  /** Positions in the list of events, by time. Of a record that is there more than once, the first by chain and ordinal. */
  records: number[];
};

/** What a measure is compared with. */
export type Condition = { op: Comparison | 'neq'; value: number };

/** What every correlation says. */
export type Correlation = {
  type: KindType;
  /** Names of base rules of the same file, in the order of the section. */
  rules: string[];
  /** Fields as findings name them: columns of the lake, or aliases. */
  groupBy: string[];
  /** By rule, in the order of `rules`: the column that each of `groupBy` is of its records. */
  groupColumns: TextColumn[][];
  /** As written. */
  timespan: string;
  timespanMs: number;
  /** All of them hold of a hit. */
  conditions: Condition[];
};
export type RuleOf<C> = Pick<RuleFile, 'bases'> & { correlation: C };

/** One type of Sigma correlation: how it is written, what it means in SQL and said plainly, and what a finding of it states. */
export type RuleKind<C extends Correlation = Correlation> = {
  type: KindType;
  /** Of the `correlation` section. */
  schema: z.ZodObject<{ type: z.ZodLiteral<KindType> }>;
  /** Reads a section that the schema took. `refuse` throws with file, line and path. */
  parse(section: unknown, bases: readonly BaseRule[], document: RuleDocument): C;
  /** Rows with `group_values`, `window_from` and `window_to` (half-open, tight around the records), `record_count`, `chains`, `records` and `measured`. */
  compile(rule: RuleOf<C>, searched: Searched): Compiled;
  /** The same, record by record. */
  evaluate(rule: RuleOf<C>, events: readonly ExampleEvent[]): Found[];
  /** What a finding states besides its records: the most that was measured, and the threshold. */
  measuresOf(correlation: C, measured: Measured): Pick<Measures, 'count' | 'threshold'>;
};

/** A kind as the list holds it: for correlations of any kind, of which it takes its own. Throws a TypeError on another's. */
export function defineKind<C extends Correlation>(kind: RuleKind<C>): RuleKind {
  function own(correlation: Correlation): C {
    if (correlation.type !== kind.type) throw new TypeError(`a ${correlation.type} is no ${kind.type}`);
    return correlation as C; // made by this kind's parse, since each has a type of its own
  }
  return {
    ...kind,
    compile: ({ bases, correlation }, searched) => kind.compile({ bases, correlation: own(correlation) }, searched),
    evaluate: ({ bases, correlation }, events) => kind.evaluate({ bases, correlation: own(correlation) }, events),
    measuresOf: (correlation, measured) => kind.measuresOf(own(correlation), measured),
  };
}

/** The most that was measured, beside the first it is compared with. */
export function peakOf({ conditions }: Correlation, { peak = 0 }: Measured): Pick<Measures, 'count' | 'threshold'> {
  return { count: peak, threshold: conditions[0]?.value ?? 0 };
}

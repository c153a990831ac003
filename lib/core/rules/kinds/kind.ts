import type { z } from 'zod';
import type { RuleDocument } from '../documents';
import type { Params } from '../predicate-sql';
import type { Measures } from './measures';
import type { BaseRule, ExampleEvent, RuleFile } from '../rule';

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
  /** Positions in the list of events, by time. */
  records: number[];
};

export type RuleOf<C> = Pick<RuleFile, 'bases'> & { correlation: C };

/** One type of Sigma correlation: how it is written, what it means in SQL and said plainly, and what a finding of it states. */
export type RuleKind<C extends { type: string }, M extends Measures> = {
  type: C['type'];
  /** Of the `correlation` section. */
  schema: z.ZodObject;
  /** Reads a section that the schema took. `refuse` throws with file, line and path. */
  parse(section: unknown, bases: readonly BaseRule[], document: RuleDocument): C;
  /** Rows with `group_values`, `window_from` and `window_to` (half-open, tight around the records), `record_count`, `chains`, `records` and `measured`. */
  compile(rule: RuleOf<C>, searched: Searched): Compiled;
  /** The same, record by record. */
  evaluate(rule: RuleOf<C>, events: readonly ExampleEvent[]): Found[];
  /** What a finding states besides its records, as it is kept and shown: one of `MEASURES`. */
  measuresOf(correlation: C, measured: Measured): M;
};

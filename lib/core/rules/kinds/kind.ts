import type { z } from 'zod';
import type { GroupColumn } from '../columns';
import type { RuleDocument } from '../documents';
import type { Params } from '../predicate-sql';
import type { KindType, Measures } from './measures';
import { type Comparison, type ExampleEvent, LEVELS, type Level } from '../rule';

/** What is searched: records of `[from, to)` in a table of the lake. */
export type Searched = { from: string; to: string; table: string };
export type Compiled = { sql: string; params: Params };

/** Least first. */
const SEVERITIES = LEVELS.toReversed();

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

/**
 * What lies before a window and is compared with it: records of `[w - lengthMs, w)`, where the window begins at `w`; of all before it where there is no
 * length. They are those of the fields that records are grouped by first, so many of them.
 */
export type Past = { lengthMs: number | null; fields: number };

/** What every correlation says. */
export type Correlation = {
  type: KindType;
  /** Names of rules of the same file, in the order of the section. */
  rules: string[];
  /** Fields as findings name them: columns of the lake, or aliases. */
  groupBy: string[];
  /** By rule, in the order of `rules`: the column that each of `groupBy` is of its records. */
  groupColumns: GroupColumn[][];
  /** As written. */
  timespan: string;
  timespanMs: number;
  /** All of them hold of a hit. */
  conditions: Condition[];
  /** Of kinds that look back. */
  past?: Past;
};
/**
 * Names in SQL that a kind reads and makes, which are its own where one correlation is over another. Of several correlations that are looked for together
 * `g` tells which of them it is of as well, so that what differs among them is looked up by it: it is written where `g` can be read.
 */
export type SqlNames = {
  /** Records, each once: `g` (its group), `t` (microseconds), `id`, `r` (a bit a rule it is of), `v` (see `KindSql`), `first` (its first place). */
  seen: string;
  marks: string;
  counted: string;
  /** How `counted` is made. */
  as: string;
  /** Of a correlation with a past: every record there is, by the fields of the past: `g`, `t`, `id`. A record that lies twice is there twice. */
  everyone: string;
  /** Of a correlation with a past: what there is before the first of its windows begins, as the table has it: `g`, `t`, `id`, `place` and `value`. A record that lies twice is there twice. */
  earlier: string;
  /** The first time at which a window may end: what is before it is past. By `g`. */
  from: string;
  /** Length of a window. By `g`. */
  span: string;
  /** Adds a parameter, and answers how it is written. */
  bound: (value: string | number, type: BoundType) => string;
  /** The same of one value of each correlation, in their order. By `g`. */
  each: (values: readonly (string | number)[], type: BoundType) => string;
  /** The group of values, an Array(String), that is of the same correlation as `g`. */
  groupOf: (values: string) => string;
};
export type BoundType = 'UInt64' | 'Int64' | 'Int128' | 'Float64';

/** What is taken of each record as `v`, of which columns, and which records have it. */
export type ValueSql = { sql: string; columns: readonly string[]; stated: string };

/** What a kind adds to the SQL that all share. */
export type KindSql = {
  /**
   * CTEs that end in `counted`, a row a group and time of a match: `g`, `t`, what is `measured` of the window that ends there (Float64), whether it
   * is a `hit`, and as `severity` its level (`severityOf`), or 0 for that of the rule.
   */
  ctes: string;
  /** Whether `counted` has, as `against` (Float64), what the window is held against: less than zero where there is nothing yet. */
  isHeldAgainst?: boolean;
};

/** A record in a window: its time, and which rules of the correlation it is of. */
export type Seen = { event: ExampleEvent; index: number; t: number; rules: ReadonlySet<number> };

/** What a window that ends at `t` lies among: the records of its group, and all there are of the past's, each once, by time. */
export type Around = { t: number; group: readonly Seen[]; everyone: readonly Pick<Seen, 't'>[] };

/** A kind said plainly. */
export type KindMeaning = {
  /**
   * What a window comes to, its records by time, chain and place: what is measured of it, whether that is what the rule asks for, and at which level
   * (`severityOf`), if not the rule's.
   */
  measure: (
    window: readonly Seen[],
    around: Around,
  ) => {
    measured: number;
    isHit: boolean;
    severity?: number;
    /** What it is held against; less than zero where there is nothing yet. */
    against?: number;
  };
  /** Which records take part; all where it is left out. */
  isStated?: (event: ExampleEvent) => boolean;
};

/** What there is in every window that is a hit, at least: so many records of one group, or different `values` of them, of so many of the correlation's rules. */
export type Needs = {
  records: number;
  rules: number;
  values?: ValueSql;
  /** Of kinds that look back: so many records of its past lie before it, and where it is the first nothing of its group does. */
  before?: { records: number; isFirst: boolean };
};

/** A rule that a correlation may be over, as it is referred to. */
export type Referable = { id: string; name: string };

/** One kind of correlation: what it means in SQL and said plainly, and what a finding of it states. */
export type RuleKind<C extends Correlation = Correlation> = {
  type: KindType;
  /** Reads a section that the schema took. `refuse` throws with file, line and path. */
  parse(section: unknown, rules: readonly Referable[], document: RuleDocument): C;
  /** What is the same of correlations that one SELECT can look for: all that its text depends on. */
  shape(correlation: C): unknown;
  /** Of correlations of one shape. */
  sql(correlations: readonly [C, ...C[]], names: SqlNames): KindSql;
  /** Where values of records are told apart or added up. */
  value?(correlation: C): ValueSql;
  meaning(correlation: C): KindMeaning;
  needs(correlation: C): Needs;
  /** What a finding states besides its records: the most that was measured, the threshold, and what it was held against. */
  measuresOf(correlation: C, measured: Measured): Pick<Measures, 'count' | 'threshold' | 'baseline'>;
};

/** One type of Sigma correlation; the schema is of the `correlation` section. */
type SigmaKind = RuleKind & { schema: z.ZodObject<{ type: z.ZodLiteral<KindType> }> };

/**
 * A kind that Sigma lacks: a correlation that a top-level attribute of the kind's name narrows, which the schema is of. `parse` reads the two as one
 * map, the attribute under its name.
 */
type Extension = RuleKind & { attribute: z.ZodType };

export function defineKind<C extends Correlation>(kind: RuleKind<C> & Pick<SigmaKind, 'schema'>): SigmaKind {
  return { ...ofAny(kind), schema: kind.schema };
}

export function defineExtension<C extends Correlation>(kind: RuleKind<C> & Pick<Extension, 'attribute'>): Extension {
  return { ...ofAny(kind), attribute: kind.attribute };
}

/** A kind as the list holds it: for correlations of any kind, of which it takes its own. Throws a TypeError on another's. */
function ofAny<C extends Correlation>(kind: RuleKind<C>): RuleKind {
  function own(correlation: Correlation): C {
    if (correlation.type !== kind.type) throw new TypeError(`a ${correlation.type} is no ${kind.type}`);
    return correlation as C; // made by this kind's parse, since each has a type of its own
  }
  return {
    type: kind.type,
    parse: (section, rules, document) => kind.parse(section, rules, document),
    shape: (correlation) => kind.shape(own(correlation)),
    sql: ([first, ...others], names) => kind.sql([own(first), ...others.map(own)], names),
    ...(kind.value && { value: (correlation: Correlation) => kind.value?.(own(correlation)) ?? EVERY_RECORD }),
    meaning: (correlation) => kind.meaning(own(correlation)),
    needs: (correlation) => kind.needs(own(correlation)),
    measuresOf: (correlation, measured) => kind.measuresOf(own(correlation), measured),
  };
}

/** What is taken of records where it does not matter. */
export const EVERY_RECORD: ValueSql = { sql: 'toUInt8(0)', columns: [], stated: 'true' };

/** The comparisons of a correlation: what they compare with is a parameter. */
export function comparedBy({ conditions }: Pick<Correlation, 'conditions'>): readonly string[] {
  return conditions.map(({ op }) => op);
}

/** All of a correlation but which records it is of and how they are grouped. */
export function allButRecords<C extends Correlation>({
  rules: _,
  groupBy: __,
  groupColumns: ___,
  ...rest
}: C): unknown {
  return rest;
}

/** The most that was measured, beside the first it is compared with. */
export function peakOf({ conditions }: Correlation, { peak = 0 }: Measured): Pick<Measures, 'count' | 'threshold'> {
  return { count: peak, threshold: conditions[0]?.value ?? 0 };
}

/** The least whole number above zero that conditions let be a hit. */
export function leastOf({ conditions }: Pick<Correlation, 'conditions'>): number {
  const least = conditions.map(({ op, value }) => (op === 'gt' ? value + 1 : op === 'gte' || op === 'eq' ? value : 1));
  return Math.max(1, ...least);
}

/** Of kinds whose hits may be of a single record. */
export const ONE_RECORD: Needs = { records: 1, rules: 1 };

/** Levels as `severity` has them, from 1 for the least; 0 is none. */
export function severityOf(level: Level): number {
  return SEVERITIES.indexOf(level) + 1;
}

/** The level of a severity; null of 0. */
export function levelOf(severity: number): Level | null {
  return SEVERITIES[severity - 1] ?? null;
}

import { microsOf } from '../time';
import { kindOf } from './kinds';
import { type BoundType, type Compiled, type Correlation, MAX_FINDING_RECORDS, type Searched } from './kinds/kind';
import {
  type RowsOf,
  type Windows,
  everyoneSql,
  groupOf,
  groupSql,
  keySql,
  matchedSql,
  numberSql,
} from './matched-sql';
import { FIRST_PLACE, chainIdSql, chainNumberSql, ordinalSql } from './place-sql';
import { type Params, predicateSql } from './predicate-sql';
import { type BaseRule, type InnerCorrelation, type RuleFile, windowUs } from './rule';

/** What the SQL of a rule is made of. */
export type Compilable = Pick<RuleFile, 'bases' | 'inner' | 'correlation'>;

/** A rule, and the time of the records that it is looked for among: `[from, to)`. */
export type Run = { rule: Compilable; from: string; to: string };

/** Names of the CTEs of a correlation, its lengths, and what of it others need that are over it. */
type Frame = { once: string; members: string; span: string; reach: string; rules: readonly RowsOf[] };

/**
 * A rule as ClickHouse SQL over records of `[from, to)`. Windows slide: one ends at every match and reaches back the timespan, both ends
 * included (`windowUs`). Windows that are hits and overlap are one finding. Records that state no time take no part, and a record that lies in several
 * chains, or twice in one, counts once: its hash is what it is. Records that lack a field they are grouped by are no group across chains.
 * A window without any match is never looked at, so `lt` and `lte` find scarce matches, not absent ones.
 * Of a correlation that is over another, the records that are hits of that one count, and those that led to them are cited with them.
 * Rows are those of `WindowRow`, one a record, finding by finding: nested in each other they would cost the engine twice as much.
 */
export function compileRule(rule: Compilable, { from, to, table }: Searched): Compiled {
  return compileRules([{ rule, from, to }], table);
}

/**
 * The same of several rules of one shape (`shapeOf`), each over a time of its own: they are planned and scanned for once. Findings are rule by rule, and
 * say the place of theirs among these.
 */
export function compileRules(runs: readonly [Run, ...Run[]], table: string): Compiled {
  const compiler = new Compiler(runs, table);
  const { members, once, span, reach } = compiler.outermost();
  const number = numberSql(runs.length);
  const sql = `WITH
  ${compiler.ctes.join(',\n  ')}
SELECT number, if(number = 1, (named, window_from, window_to, peak, record_count, arrayMap(chain -> ${chainIdSql('chain')}, chains), severest, held, rule), ([], 0, 0, 0., 0, [], 0, 0., 0)) AS finding,
  ${chainIdSql(chainNumberSql('cited.2'))}, ${ordinalSql('cited.2')}, cited.3, cited.4, cited.5, cited.6, cited.1,
  arrayDistinct(arrayMap(place -> (${chainIdSql(chainNumberSql('place'))}, ${ordinalSql('place')}), arraySort(cited.7)))
FROM (
  SELECT g, burst, ${number} AS rule, any(named) AS named, min(t) AS window_from, max(t) + 1 AS window_to, maxIf(measured, hit) AS peak, maxIf(severity, hit) AS severest, argMaxIf(against, (measured, -t), hit) AS held, count() AS record_count,
    groupUniqArrayArray(arrayMap(place -> ${chainNumberSql('place')}, places)) AS chains, groupArraySorted(${MAX_FINDING_RECORDS})((t, first, digest, offset, size, stated, places)) AS all_cited
  FROM (SELECT g, t, near, named, places, first, digest, offset, size, stated FROM ${once}) AS once
    INNER JOIN (SELECT * FROM ${members} WHERE burst > 0 AND next_hit - t < ${reach}) AS members USING (g, t)
  WHERE near OR next_hit - t < ${span}
  GROUP BY g, burst
)
ARRAY JOIN all_cited AS cited, arrayEnumerate(all_cited) AS number
ORDER BY rule, window_from, named, g, burst, number
SETTINGS enable_materialized_cte = 1`;
  return { sql, params: compiler.params };
}

/**
 * What rules have in common that one SELECT can look for; null of one that is looked for by itself, since it is over other correlations or others of its
 * file find something by themselves.
 */
export function shapeOf({
  inner,
  generated = [],
  correlation,
}: Pick<Compilable, 'inner' | 'correlation'> & Partial<Pick<RuleFile, 'generated'>>): string | null {
  return inner.length > 0 || generated.length > 0
    ? null
    : JSON.stringify([correlation.type, kindOf(correlation).shape(correlation)]);
}

/** As far as a record can lie before the end of a window that it is cited of, ends included. */
export function reachMs({ inner, correlation }: Pick<Compilable, 'inner' | 'correlation'>): number {
  const further = correlation.rules.map((name) => inner.find((one) => one.name === name));
  return (
    correlation.timespanMs +
    Math.max(0, ...further.map((one) => (one ? reachMs({ inner, correlation: one.correlation }) : 0)))
  );
}

/** As long as a record is of the history of windows after it; without end where all before them is. */
export function pastMs({ inner, correlation }: Pick<Compilable, 'inner' | 'correlation'>): number {
  const own = correlation.past ? (correlation.past.lengthMs ?? Number.POSITIVE_INFINITY) : 0;
  const further = correlation.rules.map((name) => inner.find((one) => one.name === name));
  return own + Math.max(0, ...further.map((one) => (one ? pastMs({ inner, correlation: one.correlation }) : 0)));
}

/** Where the past of the first of these windows begins: they begin their length before they end. */
function pastFromUs({ past, timespanMs }: Correlation, fromUs: number): number {
  if (!past) return fromUs;
  return past.lengthMs === null ? 1 : Math.max(1, fromUs - (timespanMs + past.lengthMs) * 1000);
}

/** What its windows lie among; and of one with a past what is before that. */
function recentOf(of: Windows): Windows {
  return of.correlation.past ? { ...of, recordsFromUs: recentFromUs(of) } : of;
}

function earlierOf(of: Windows): Windows {
  return { ...of, toUs: recentFromUs(of) };
}

function recentFromUs({ correlation, fromUs }: Windows): number {
  return Math.max(1, fromUs - correlation.timespanMs * 1000);
}

/** By name, from when on windows of inner correlations end that others need: those that are over them, or what these look back at. */
function endsOfInner(
  { inner, correlation }: Pick<Compilable, 'inner' | 'correlation'>,
  fromUs: number,
): Map<string, number> {
  const ends = new Map<string, number>();
  const need = (names: readonly string[], us: number) => {
    for (const name of names) ends.set(name, Math.min(us, ends.get(name) ?? Number.POSITIVE_INFINITY));
  };
  need(correlation.rules, pastFromUs(correlation, fromUs));
  // One that is over another stands behind it.
  for (const one of inner.toReversed()) {
    const us = ends.get(one.name);
    if (us !== undefined) need(one.correlation.rules, wholeFromUs(one.correlation, us));
  }
  return ends;
}

/** Where the first of these windows begins, or its past. */
function wholeFromUs(correlation: Correlation, fromUs: number): number {
  return Math.max(1, Math.min(pastFromUs(correlation, fromUs), fromUs - correlation.timespanMs * 1000));
}

class Compiler {
  readonly ctes: string[] = [];
  readonly params: Params;
  /** Of the rules and correlations that others are over. */
  private readonly rows = new Map<BaseRule | InnerCorrelation, RowsOf>();
  private readonly ends: ReadonlyMap<string, number>;

  constructor(
    private readonly runs: readonly [Run, ...Run[]],
    table: string,
  ) {
    this.params = { table };
    const [{ rule, from }] = runs;
    this.ends = endsOfInner(rule, microsOf(from));
  }

  /** Adds the CTEs of the correlations that no other is over. */
  outermost(): Frame {
    const [first, ...others] = this.runs.map(({ rule, from, to }): Windows => {
      const fromUs = microsOf(from);
      const rows = rule.correlation.rules.map((name) => this.of(rule, name));
      const recordsFromUs = pastFromUs(rule.correlation, fromUs);
      return { correlation: rule.correlation, rows, fromUs, recordsFromUs, toUs: microsOf(to) };
    });
    if (!first) throw new RangeError('no rule to look for');
    return this.frame([first, ...others], '');
  }

  /** Adds the CTEs of correlations of one shape; their names begin with a prefix. */
  private frame(whole: readonly [Windows, ...Windows[]], prefix: string): Frame {
    const [{ correlation, rows }] = whole;
    // what is before the first window takes part in none
    const of = whole.map(recentOf) as [Windows, ...Windows[]]; // as many
    const correlations = of.map((one) => one.correlation) as [Correlation, ...Correlation[]]; // as many, which is one at least
    const [once, seen, marks, counted, members, everyone, earlier] = [
      `${prefix}once`,
      `${prefix}seen`,
      `${prefix}marks`,
      `${prefix}counted`,
      `${prefix}members`,
      `${prefix}everyone`,
      `${prefix}earlier`,
    ];
    const as = 'AS MATERIALIZED';
    const bound = (value: string | number, type: BoundType) => this.bound(value, type);
    const each = (values: readonly (string | number)[], type: BoundType) => this.each(values, type);
    const from = each(
      of.map(({ fromUs }) => fromUs),
      'Int64',
    );
    const span = each(
      correlations.map(({ timespanMs }) => windowUs(timespanMs)),
      'Int64',
    );
    const [{ rule }] = this.runs;
    // records lead to others of inner correlations only
    const reach =
      rule.inner.length === 0 ? span : this.bound(windowUs(reachMs({ inner: rule.inner, correlation })), 'Int64');
    const { ctes, isHeldAgainst = false } = kindOf(correlation).sql(correlations, {
      seen,
      marks,
      counted,
      everyone,
      earlier,
      as,
      from,
      span,
      bound,
      each,
      groupOf: (values) => groupOf(values, of.length),
    });
    const held = isHeldAgainst ? counted : `(SELECT *, toFloat64(-1) AS against FROM ${counted})`;
    const hasNear = rows.some(({ near }) => near !== null);
    const bases = hasNear ? this.basesOf(rule, correlation) : [];
    this.ctes.push(
      `${prefix}matched AS (${matchedSql(of, bases, bound)})`,
      `${once} ${as} (
    SELECT ${keySql(of.length)} AS g, t, id, any(group_values) AS named, groupBitOr(bits) AS r, max(led) AS near, argMin(value, place) AS v,
      ${FIRST_PLACE}
    FROM ${prefix}matched GROUP BY g, t, id
  )`,
      `${seen} AS (SELECT * FROM ${once}${hasNear ? ' WHERE r != 0' : ''})`,
      ...(correlation.past
        ? [
            `${everyone} AS (${everyoneSql(whole, bound)})`,
            `${earlier} AS (SELECT ${keySql(of.length)} AS g, t, id, place, value FROM (${matchedSql(whole.map(earlierOf) as [Windows, ...Windows[]], bases, bound)}) WHERE bits != 0)`, // as many
          ]
        : []),
      ctes,
      `${prefix}numbered AS (
    SELECT g, t, measured, hit, severity, against, sum(hit AND (hit_before = 0 OR t - hit_before >= ${span})) OVER (PARTITION BY g ORDER BY t ROWS UNBOUNDED PRECEDING) AS begun
    FROM (SELECT *, maxIf(t, hit) OVER (PARTITION BY g ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS hit_before FROM ${hasNear ? withNear(held, once) : held})
  )`,
      `${members} ${as} (
    SELECT g, t, measured, hit, severity, against, minIf(begun, hit) OVER later AS burst, minIf(t, hit) OVER later AS next_hit
    FROM ${prefix}numbered WINDOW later AS (PARTITION BY g ORDER BY t DESC ROWS UNBOUNDED PRECEDING)
  )`,
    );
    return { once, members, span, reach, rules: rows };
  }

  /** The rows of a rule of a file. */
  private of(file: Compilable, name: string): RowsOf {
    const rule = [...file.bases, ...file.inner].find((one) => one.name === name);
    if (!rule) throw new TypeError(`the rule ${name} is not of this file`);
    const rows =
      this.rows.get(rule) ??
      ('where' in rule
        ? { hits: predicateSql(rule.where, this.params), near: null, joins: [] }
        : this.ofInner(file, rule));
    this.rows.set(rule, rows);
    return rows;
  }

  private ofInner(file: Compilable, inner: InnerCorrelation): RowsOf {
    const at = file.inner.indexOf(inner);
    const { name, correlation } = inner;
    const fromUs = this.ends.get(name) ?? 1;
    const within = { fromUs, recordsFromUs: wholeFromUs(correlation, fromUs), toUs: microsOf(this.runs[0].to) };
    const own = correlation.rules.map((rule) => this.of(file, rule));
    const { members, span, reach, rules } = this.frame([{ correlation, rows: own, ...within }], `inner${at}_`);
    const groups = correlation.groupColumns.map(groupSql);
    const distinct = [...new Set(groups)];
    const found = (group: string) => `inner${at}_${distinct.indexOf(group)}`;
    const joins = distinct.map((group) => {
      const is = found(group);
      return ` LEFT ANY JOIN (SELECT g AS ${is}_g, t AS ${is}_t, hit AS ${is}_hit, burst > 0 AND next_hit - t < ${span} AS ${is}_led, burst > 0 AND next_hit - t < ${reach} AS ${is}_far FROM ${members}) AS ${is}
      ON sipHash128(${group}) = ${is}_g AND toUnixTimestamp64Micro(recorded_at) = ${is}_t`;
    });
    const { value } = kindOf(correlation);
    const stated = value ? ` AND ${value(correlation).stated}` : '';
    const of = rules.map(({ hits: plain, near }, index) => {
      const is = found(groups[index] ?? '');
      const hits = `(${plain}${stated})`;
      const leading = `(${hits} AND ${is}_led)`;
      return {
        hits: `(${hits} AND ${is}_hit)`,
        near: near === null ? leading : `(${leading} OR (${near} AND ${is}_far))`,
      };
    });
    return {
      hits: `(${of.map(({ hits }) => hits).join(' OR ')})`,
      near: `(${of.map(({ near }) => near).join(' OR ')})`,
      joins: [...rules.flatMap((one) => one.joins), ...joins],
    };
  }

  /** Of all rules a correlation is over in the end, which records they match. */
  private basesOf(file: Compilable, { rules }: Correlation): string[] {
    return rules.flatMap((name) => {
      const inner = file.inner.find((one) => one.name === name);
      return inner ? this.basesOf(file, inner.correlation) : [this.of(file, name).hits];
    });
  }

  /** One value, or one of each run, looked up by `g`. */
  private each(values: readonly (string | number)[], type: BoundType): string {
    const [first = 0] = values;
    if (values.every((value) => value === first)) return this.bound(first, type);
    // numbers, as the engine reads an array of them
    return `${this.bound(`[${values.join(', ')}]`, `Array(${type})`)}[${numberSql(this.runs.length)} + 1]`;
  }

  private bound(value: string | number, type: BoundType | `Array(${BoundType})`): string {
    const name = `b${Object.keys(this.params).length}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}

/** Where there are records that only led to one of an inner correlation: their times as well, of which nothing is measured. */
function withNear(counted: string, once: string): string {
  return `(SELECT g, t, maxIf(m, c) AS measured, max(h) AS hit, max(s) AS severity, max(a) AS against
      FROM (SELECT g, t, measured AS m, toUInt8(hit) AS h, severity AS s, against AS a, toUInt8(1) AS c FROM ${counted} UNION ALL SELECT g, t, toFloat64(0), toUInt8(0), toUInt8(0), toFloat64(-1), toUInt8(0) FROM ${once} WHERE near) GROUP BY g, t)`;
}

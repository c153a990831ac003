import { microsOf } from '../time';
import type { GroupColumn } from './columns';
import { kindOf } from './kinds';
import { type Compiled, type Correlation, MAX_FINDING_RECORDS, type Searched } from './kinds/kind';
import { type Params, predicateSql, text } from './predicate-sql';
import { type RuleFile, windowUs } from './rule';

/** What the SQL of a rule is made of. */
export type Compilable = Pick<RuleFile, 'bases' | 'inner' | 'correlation'>;

/** Which rows of the table are of a rule, and of a correlation those that led to its hits; and what is joined to a row to tell. */
type RowsOf = { hits: string; near: string | null; joins: readonly string[] };

/** Names of the CTEs of a correlation, its lengths, and what of it others need that are over it. */
type Frame = { once: string; members: string; span: string; reach: string; rules: RowsOf[] };

/**
 * A rule as ClickHouse SQL over records of `[from, to)`. Windows slide: one ends at every match and reaches back the timespan, both ends
 * included (`windowUs`). Windows that are hits and overlap are one finding. Records that state no time take no part, and a record that lies in several
 * chains, or twice in one, counts once: its hash is what it is. Records that lack a field they are grouped by are no group across chains.
 * A window without any match is never looked at, so `lt` and `lte` find scarce matches, not absent ones.
 * Of a correlation that is over another, the records that are hits of that one count, and those that led to them are cited with them.
 * Rows are those of `WindowRow`, one a record, finding by finding: nested in each other they would cost the engine twice as much.
 */
export function compileRule(rule: Compilable, { from, to, table }: Searched): Compiled {
  const compiler = new Compiler(rule, { table, to_us: microsOf(to) });
  const { members, once, span, reach } = compiler.frame(rule.correlation, '', microsOf(from));
  const sql = `WITH
  ${compiler.ctes.join(',\n  ')}
SELECT number, if(number = 1, (named, window_from, window_to, peak, record_count, chains, severest, held), ([], 0, 0, 0., 0, [], 0, 0.)) AS finding,
  first.1, first.2, first.3, first.4, first.5, first.6, t, places
FROM (
  SELECT *, min(t) OVER whole AS window_from, max(t) OVER whole + 1 AS window_to, maxIf(measured, hit) OVER whole AS peak, maxIf(severity, hit) OVER whole AS severest, argMaxIf(against, (measured, -t), hit) OVER whole AS held, count() OVER whole AS record_count,
    groupUniqArrayArray(arrayMap(place -> place.1, places)) OVER whole AS chains, row_number() OVER (PARTITION BY g, burst ORDER BY t, first.1, first.2) AS number
  FROM (SELECT g, t, near, first, places, named FROM ${once}) AS once INNER JOIN ${members} AS members USING (g, t)
  WHERE burst > 0 AND next_hit - t < if(near, ${reach}, ${span})
  WINDOW whole AS (PARTITION BY g, burst)
)
WHERE number <= ${MAX_FINDING_RECORDS}
ORDER BY window_from, named, g, burst, number
SETTINGS enable_materialized_cte = 1`;
  return { sql, params: compiler.params };
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

/** What a record is: its hash, or its place where it has none. */
export const ID = `if(hash = '', concat(toString(chain_id), ':', toString(ordinal)), hash)`;

class Compiler {
  readonly ctes: string[] = [];
  private readonly rows = new Map<string, RowsOf>();

  constructor(
    private readonly rule: Compilable,
    readonly params: Params,
  ) {}

  /** Adds the CTEs of a correlation, of windows that end at a time or later; their names begin with a prefix. */
  frame(correlation: Correlation, prefix: string, fromUs: number): Frame {
    const pastUs = pastFromUs(correlation, fromUs);
    const rows = correlation.rules.map((name) => this.of(name, pastUs));
    const [once, seen, marks, counted, members, everyone] = [
      `${prefix}once`,
      `${prefix}seen`,
      `${prefix}marks`,
      `${prefix}counted`,
      `${prefix}members`,
      `${prefix}everyone`,
    ];
    const within = this.within(this.param(`${prefix}past_us`, pastUs, 'Int64'));
    const from = this.param(`${prefix}from_us`, fromUs, 'Int64');
    const as = 'AS MATERIALIZED';
    const span = this.param(`${prefix}span_us`, windowUs(correlation.timespanMs), 'Int64');
    const reach = this.param(`${prefix}reach_us`, windowUs(reachMs({ inner: this.rule.inner, correlation })), 'Int64');
    const bound = (value: string | number, type: string) =>
      this.param(`b${Object.keys(this.params).length}`, value, type);
    const {
      value,
      ctes,
      isHeldAgainst = false,
    } = kindOf(correlation).sql(correlation, {
      seen,
      marks,
      counted,
      everyone,
      as,
      from,
      span,
      bound,
    });
    const held = isHeldAgainst ? counted : `(SELECT *, toFloat64(-1) AS against FROM ${counted})`;
    const rules = rows.map((of) => ({ ...of, hits: value ? `(${of.hits} AND ${value.stated})` : of.hits }));
    const hasNear = rules.some(({ near }) => near !== null);
    const joins = [...new Set(rules.flatMap((of) => of.joins))];
    // what is joined is looked up for records that may be of it
    const bases = joins.length === 0 ? '' : ` AND (${this.basesOf(correlation).join(' OR ')})`;
    this.ctes.push(
      `${prefix}matched AS (
    SELECT toUnixTimestamp64Micro(recorded_at) AS t, ${groupsAndBits(correlation, rules)}, ${value?.sql ?? 'toUInt8(0)'} AS value,
      (toString(chain_id), ordinal, segment_digest, byte_offset, byte_length, hash) AS place, ${ID} AS id
    FROM {table:Identifier}${joins.join('')} WHERE ${within}${bases} AND (${rules.map(included).join(' OR ')})
  )`,
      `${once} ${as} (
    SELECT sipHash128(group_values) AS g, t, id, any(group_values) AS named, groupBitOr(bits) AS r, max(led) AS near, argMin(value, place) AS v, min(place) AS first,
      arraySort(groupUniqArray((place.1, place.2))) AS places
    FROM ${prefix}matched GROUP BY g, t, id
  )`,
      `${seen} AS (SELECT * FROM ${once}${hasNear ? ' WHERE r != 0' : ''})`,
      ...(correlation.past
        ? [
            `${everyone} AS (
    SELECT sipHash128(${groupSql((correlation.groupColumns[0] ?? []).slice(0, correlation.past.fields))}) AS g, toUnixTimestamp64Micro(recorded_at) AS t, ${ID} AS id
    FROM {table:Identifier} WHERE ${within}
  )`,
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
    return { once, members, span, reach, rules };
  }

  /** Which rows are of the time, from a parameter on. */
  private within(from: string): string {
    return `recorded_at >= fromUnixTimestamp64Micro(${from}, 'UTC') AND recorded_at < fromUnixTimestamp64Micro({to_us:Int64}, 'UTC')
      AND recorded_at > fromUnixTimestamp64Micro(toInt64(0), 'UTC')`;
  }

  /** The rows of a rule; those of a correlation's from a time on. */
  private of(name: string, fromUs: number): RowsOf {
    const known = this.rows.get(name);
    if (known) return known;
    const base = this.rule.bases.find((one) => one.name === name);
    const rows = base
      ? { hits: predicateSql(base.where, this.params), near: null, joins: [] }
      : this.ofInner(name, fromUs);
    this.rows.set(name, rows);
    return rows;
  }

  private ofInner(name: string, fromUs: number): RowsOf {
    const at = this.rule.inner.findIndex((one) => one.name === name);
    const correlation = this.rule.inner[at]?.correlation;
    if (!correlation) throw new TypeError(`the rule ${name} is not of this file`);
    const { members, span, reach, rules } = this.frame(correlation, `inner${at}_`, fromUs);
    const groups = correlation.groupColumns.map(groupSql);
    const distinct = [...new Set(groups)];
    const found = (group: string) => `inner${at}_${distinct.indexOf(group)}`;
    const joins = distinct.map((group) => {
      const is = found(group);
      return ` LEFT ANY JOIN (SELECT g AS ${is}_g, t AS ${is}_t, hit AS ${is}_hit, burst > 0 AND next_hit - t < ${span} AS ${is}_led, burst > 0 AND next_hit - t < ${reach} AS ${is}_far FROM ${members}) AS ${is}
      ON sipHash128(${group}) = ${is}_g AND toUnixTimestamp64Micro(recorded_at) = ${is}_t`;
    });
    const of = rules.map(({ hits, near }, index) => {
      const is = found(groups[index] ?? '');
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
  private basesOf({ rules }: Correlation): string[] {
    return rules.flatMap((name) => {
      const inner = this.rule.inner.find((one) => one.name === name);
      return inner ? this.basesOf(inner.correlation) : [this.of(name, 0).hits];
    });
  }

  private param(name: string, value: string | number, type: string): string {
    this.params[name] = value;
    return `{${name}:${type}}`;
  }
}

function included({ hits, near }: RowsOf): string {
  return near === null ? hits : `(${hits} OR ${near})`;
}

/** Where there are records that only led to one of an inner correlation: their times as well, of which nothing is measured. */
function withNear(counted: string, once: string): string {
  return `(SELECT g, t, maxIf(m, c) AS measured, max(h) AS hit, max(s) AS severity, max(a) AS against
      FROM (SELECT g, t, measured AS m, toUInt8(hit) AS h, severity AS s, against AS a, toUInt8(1) AS c FROM ${counted} UNION ALL SELECT g, t, toFloat64(0), toUInt8(0), toUInt8(0), toFloat64(-1), toUInt8(0) FROM ${once} WHERE near) GROUP BY g, t)`;
}

/**
 * The columns `group_values`, `bits` and `led`, whether it led to a hit of an inner correlation. Where aliases name other fields for other rules, a record
 * is one row for each group it is in.
 */
function groupsAndBits({ groupColumns }: Correlation, rules: readonly RowsOf[]): string {
  const groups = groupColumns.map(groupSql);
  const [group = ''] = groups;
  const bits = rules.map(({ hits, near }, index) =>
    rules.length === 1 && near === null ? 'toUInt32(1)' : `bitShiftLeft(toUInt32(${hits}), ${index})`,
  );
  const led = rules.map(({ near }) => (near === null ? 'toUInt8(0)' : `toUInt8(${near})`));
  if (groups.every((one) => one === group))
    return `${group} AS group_values, ${bits.join(' + ')} AS bits, ${led.length === 1 ? led[0] : `greatest(${led.join(', ')})`} AS led`;
  const rows = rules.map((rule, index) => `(${bits[index]}, ${groups[index]}, ${included(rule)}, ${led[index]})`);
  return `arrayJoin(arrayFilter(row -> row.3, [${rows.join(', ')}])) AS row, row.2 AS group_values, row.1 AS bits, row.4 AS led`;
}

/** Of the fields, and behind them the chain where the record lacks one of them, else nothing. */
export function groupSql(columns: readonly GroupColumn[]): string {
  const lacks = columns
    .map((column) => `${text(typeof column === 'string' ? column : column.lower)} = ''`)
    .join(' OR ');
  const values = [
    ...columns.map((column) =>
      typeof column === 'string' ? `toString(${text(column)})` : `lowerUTF8(${text(column.lower)})`,
    ),
    `if(${lacks === '' ? 'false' : lacks}, toString(chain_id), '')`,
  ];
  return `CAST([${values.join(', ')}] AS Array(String))`;
}

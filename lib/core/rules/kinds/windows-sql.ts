import { microsOf } from '../../time';
import { type ColumnName, isAmount } from '../columns';
import { type Params, predicateSql, text } from '../predicate-sql';
import { windowUs } from '../rule';
import {
  type Compiled,
  type Condition,
  type Correlation,
  MAX_FINDING_RECORDS,
  type RuleOf,
  type Searched,
} from './kind';

/** What a kind adds to the SQL that all share. */
export type KindSql = {
  /** What is taken of each record as `v`, and which records have it. */
  value?: { sql: string; stated: string };
  /**
   * CTEs that end in `counted`, a row a group and time of a match: `g`, `t`, what is `measured` of the window that ends there (Float64), and whether it
   * is a `hit`. They read `once`: `g`, `t` (microseconds), `id` (of the record), `r` (a bit a rule it is of), `v`, `first` (its first place), each
   * record once. `{span_us:Int64}` is the length of a window.
   */
  ctes: string;
};

/**
 * A correlation as ClickHouse SQL over records of `[from, to)`. Windows slide: one ends at every match and reaches back the timespan, both ends
 * included (`windowUs`). Windows that are hits and overlap are one finding. Records that state no time take no part, and a record that lies in several
 * chains, or twice in one, counts once: its hash is what it is. Records that lack a field they are grouped by are no group across chains.
 * A window without any match is never looked at, so `lt` and `lte` find scarce matches, not absent ones.
 * Rows are those of `WindowRow`, one a record, finding by finding: nested in each other they would cost the engine twice as much.
 */
export function windowsSql<C extends Correlation>(
  rule: RuleOf<C>,
  { from, to, table }: Searched,
  kind: (params: Params) => KindSql,
): Compiled {
  const { correlation, bases } = rule;
  const params: Params = {};
  const matches = correlation.rules.map((name) => {
    const base = bases.find((one) => one.name === name);
    if (!base) throw new TypeError(`the rule ${name} is not of this file`);
    return predicateSql(base.where, params);
  });
  Object.assign(params, {
    table,
    from_us: microsOf(from),
    to_us: microsOf(to),
    span_us: windowUs(correlation.timespanMs),
  });
  const { value = { sql: 'toUInt8(0)', stated: 'true' }, ctes } = kind(params);
  const sql = `WITH
  matched AS (
    SELECT toUnixTimestamp64Micro(recorded_at) AS t, ${groupsAndRules(correlation, matches)}, ${value.sql} AS value,
      (toString(chain_id), ordinal, segment_digest, byte_offset, byte_length, hash) AS place, if(hash = '', concat(toString(chain_id), ':', toString(ordinal)), hash) AS id
    FROM {table:Identifier}
    WHERE recorded_at >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC') AND recorded_at < fromUnixTimestamp64Micro({to_us:Int64}, 'UTC')
      AND recorded_at > fromUnixTimestamp64Micro(toInt64(0), 'UTC') AND (${matches.join(' OR ')}) AND ${value.stated}
  ),
  once AS (
    SELECT sipHash128(group_values) AS g, t, id, any(group_values) AS named, groupBitOr(bits) AS r, argMin(value, place) AS v, min(place) AS first,
      arraySort(groupUniqArray((place.1, place.2))) AS places
    FROM matched GROUP BY g, t, id
  ),
  ${ctes},
  numbered AS (
    SELECT g, t, measured, hit, sum(hit AND (hit_before = 0 OR t - hit_before >= {span_us:Int64})) OVER (PARTITION BY g ORDER BY t ROWS UNBOUNDED PRECEDING) AS begun
    FROM (SELECT *, maxIf(t, hit) OVER (PARTITION BY g ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS hit_before FROM counted)
  ),
  members AS (
    SELECT g, t, measured, hit, minIf(begun, hit) OVER later AS burst, minIf(t, hit) OVER later - t < {span_us:Int64} AS proves
    FROM numbered WINDOW later AS (PARTITION BY g ORDER BY t DESC ROWS UNBOUNDED PRECEDING)
  )
SELECT number, if(number = 1, (named, window_from, window_to, peak, record_count, chains), ([], 0, 0, 0., 0, [])) AS finding,
  first.1, first.2, first.3, first.4, first.5, first.6, t, places
FROM (
  SELECT *, min(t) OVER whole AS window_from, max(t) OVER whole + 1 AS window_to, maxIf(measured, hit) OVER whole AS peak, count() OVER whole AS record_count,
    groupUniqArrayArray(arrayMap(place -> place.1, places)) OVER whole AS chains, row_number() OVER (PARTITION BY g, burst ORDER BY t, first.1, first.2) AS number
  FROM (SELECT g, t, first, places, named FROM once) AS once INNER JOIN members USING (g, t)
  WHERE burst > 0 AND proves
  WINDOW whole AS (PARTITION BY g, burst)
)
WHERE number <= ${MAX_FINDING_RECORDS}
ORDER BY window_from, named, g, burst, number`;
  return { sql, params };
}

/** The columns `group_values` and `bits`. Where aliases name other fields for other rules, a record is one row for each group it is in. */
function groupsAndRules({ groupColumns }: Correlation, matches: readonly string[]): string {
  const groups = groupColumns.map(groupSql);
  const [group = ''] = groups;
  const bits = matches.map((match, index) =>
    matches.length === 1 ? 'toUInt32(1)' : `bitShiftLeft(toUInt32(${match}), ${index})`,
  );
  if (groups.every((one) => one === group)) return `${group} AS group_values, ${bits.join(' + ')} AS bits`;
  const rows = bits.map((bit, index) => `(${bit}, ${groups[index]})`);
  return `arrayJoin(arrayFilter(row -> row.1 > 0, [${rows.join(', ')}])) AS row, row.2 AS group_values, row.1 AS bits`;
}

/** Of the fields, and behind them the chain where the record lacks one of them, else nothing. */
function groupSql(columns: readonly string[]): string {
  const lacks = columns.length > 0 ? `(${columns.map((column) => `${text(column)} = ''`).join(' OR ')})` : 'false';
  const values = [...columns.map((column) => `toString(${text(column)})`), `if(${lacks}, toString(chain_id), '')`];
  return `CAST([${values.join(', ')}] AS Array(String))`;
}

/**
 * `counted` of what is present in a window: marks where something comes and where it goes again, added up along the timeline, once: a storm of
 * matches costs no more than its length (frames with an offset would cost its square).
 * @param marks SELECT of `g`, `pos`, `amount` (Int128), `many` (Int64), and whether a match `is_match` there.
 * @param measured of `amount` and `many` as they add up.
 */
export function countedBy(marks: string, measured: string, hit: string): string {
  return `marks AS (${marks}),
  counted AS (
    SELECT g, pos AS t, ${measured} AS measured, ${hit} AS hit
    FROM (
      SELECT g, pos, is_match, sum(change) OVER along AS amount, sum(change_many) OVER along AS many
      FROM (SELECT g, pos, sum(amount) AS change, sum(many) AS change_many, max(is_match) AS is_match FROM marks GROUP BY g, pos)
      WINDOW along AS (PARTITION BY g ORDER BY pos ROWS UNBOUNDED PRECEDING)
    )
    WHERE is_match
  )`;
}

/** Behind every time. */
const NEVER = '9000000000000000000';

/** Marks of different values: each is present from where it occurs to where it occurs again, or leaves the window. @param values SELECT of `g`, `t`, `value`. */
export function presenceMarks(values: string): string {
  return `SELECT g, mark.1 AS pos, toInt128(mark.2) AS amount, toInt64(0) AS many, mark.2 > 0 AS is_match
    FROM (
      SELECT g, t, leadInFrame(t, 1, toInt64(${NEVER})) OVER (PARTITION BY g, value ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next
      FROM (${values})
    )
    ARRAY JOIN [(t, 1), (least(t + {span_us:Int64}, next), -1)] AS mark`;
}

const OPERATOR: Readonly<Record<Condition['op'], string>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  eq: '=',
  neq: '!=',
};

/** Whether all conditions hold of `left`; `right` writes what they compare with. */
export function conditionSql(
  conditions: readonly Condition[],
  left: string,
  right: (name: string) => string,
  params: Params,
  bound = (value: number): string | number => value,
): string {
  return conditions
    .map(({ op, value }, index) => {
      const name = `bound${index}`;
      params[name] = bound(value);
      return `(${left} ${OPERATOR[op]} ${right(name)})`;
    })
    .join(' AND ');
}

/** A field of numbers in billionths, which add up exactly. */
export function billionthsSql(column: ColumnName): string {
  return isAmount(column) ? `toInt128(floor(${column} * 1e9 + 0.5))` : `toInt128(${column}) * 1000000000`;
}

/** Billionths as what they are of. */
export const WHOLE = '(toFloat64(intDiv(amount, 1000000000)) + toFloat64(amount % 1000000000) / 1e9)';

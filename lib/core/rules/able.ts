import { ID, groupSql } from './compile';
import { kindOf } from './kinds';
import { type Compiled, type Needs, ONE_RECORD } from './kinds/kind';
import { type Params, predicateSql } from './predicate-sql';
import type { RuleFile } from './rule';

/** What of a rule says which records can make a finding. */
export type Needing = Pick<RuleFile, 'bases' | 'inner' | 'correlation' | 'generated'>;

/** A rule, and the half-open time it looks at. */
export type Asked<R extends Needing> = { rule: R; from: Date; to: Date };

/** Of a group so many are told apart, so that no more are held; of more each row counts. */
const MOST_TOLD_APART = 1_000;

/** Of one that is over other correlations, or over rules that find something by themselves, no more is known than that it needs a record. */
export function needsOf({ inner, generated, correlation }: Needing): Needs {
  return inner.length > 0 || generated.length > 0 ? ONE_RECORD : kindOf(correlation).needs(correlation);
}

/**
 * The numbers, as `number`, of those of these rules that may find something: of which some group has as many records, of as many rules, as any finding takes.
 * For rules that are over no other correlation. A record that lies in several chains, or stands in the table twice, counts once, up to so many.
 */
export function compileAble<R extends Needing>(asked: readonly Asked<R>[], table: string): Compiled {
  const needs = asked.map(({ rule }) => needsOf(rule));
  const params: Params = {
    table,
    from_ms: Math.min(...asked.map(({ from }) => from.getTime())),
    to_ms: Math.max(...asked.map(({ to }) => to.getTime())),
  };
  const rows = asked.map(({ rule, from, to }, number) => {
    params[`from${number}`] = from.getTime();
    params[`to${number}`] = to.getTime();
    const { group, bits } = grouped(rule, params);
    const { values } = needsOf(rule);
    const is = `ms >= {from${number}:Int64} AND ms < {to${number}:Int64}${values ? ` AND ${values.stated}` : ''}`;
    return `(${number}, ${group}, if(${is}, ${bits}, 0), ${values ? `sipHash128(${values.sql})` : 'id'})`;
  });
  const enough = needs.map(
    ({ records, rules }, number) => `(number = ${number} AND records >= ${records} AND rules >= ${rules})`,
  );
  const sql = `SELECT DISTINCT number FROM (
    SELECT row.1 AS number, row.2 AS g, bitCount(groupBitOr(row.3)) AS rules,
      if(count() <= ${MOST_TOLD_APART}, length(arrayDistinct(groupArray(${MOST_TOLD_APART})(row.4))), count()) AS records
    FROM (
      SELECT toUnixTimestamp64Milli(recorded_at) AS ms, sipHash128(${ID}, recorded_at) AS id, arrayJoin(arrayFilter(row -> row.3 != 0, [${rows.join(', ')}])) AS row
      FROM {table:Identifier} WHERE recorded_at > fromUnixTimestamp64Micro(toInt64(0), 'UTC')
        AND recorded_at >= fromUnixTimestamp64Micro({from_ms:Int64} * 1000, 'UTC') AND recorded_at < fromUnixTimestamp64Micro({to_ms:Int64} * 1000, 'UTC')
    ) GROUP BY number, g
  ) WHERE ${enough.join(' OR ')}`;
  return { sql, params };
}

/** The group that a record is in, and a bit for each of the rules it is of. Where aliases have it in several groups, all are one. */
function grouped(
  { bases, correlation }: Pick<Needing, 'bases' | 'correlation'>,
  params: Params,
): { group: string; bits: string } {
  const sql = new Map(bases.map(({ name, where }) => [name, predicateSql(where, params)]));
  const [group, ...others] = new Set(correlation.groupColumns.map(groupSql));
  return {
    group: group && others.length === 0 ? `sipHash128(${group})` : `sipHash128('')`,
    bits: correlation.rules.map((name, index) => `bitShiftLeft(toUInt32(${sql.get(name)}), ${index})`).join(' + '),
  };
}

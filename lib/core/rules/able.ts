import { ID, columnOf, groupSql, lacksSql } from './matched-sql';
import { kindOf } from './kinds';
import { type Compiled, type Needs, ONE_RECORD } from './kinds/kind';
import { type Params, predicateSql } from './predicate-sql';
import { type RuleFile, windowUs } from './rule';

/** What of a rule says which records can make a finding. */
export type Needing = Pick<RuleFile, 'bases' | 'inner' | 'correlation' | 'generated'>;

/** A rule, and the half-open time it looks at. */
export type Asked<R extends Needing> = { rule: R; from: Date; to: Date };

/** Records that state a time between two parameters, in milliseconds. */
function within(from: string, to: string): string {
  return `recorded_at >= fromUnixTimestamp64Micro({${from}:Int64} * 1000, 'UTC') AND recorded_at < fromUnixTimestamp64Micro({${to}:Int64} * 1000, 'UTC')`;
}
const IN_TIME = `recorded_at > fromUnixTimestamp64Micro(toInt64(0), 'UTC') AND ${within('from_ms', 'to_ms')}`;

/** Of a group so many are told apart, so that no more are held; of more each row counts. */
const MOST_TOLD_APART = 1_000;

/** Of one that is over other correlations, or over rules that find something by themselves, no more is known than that it needs a record. */
export function needsOf({ inner, generated, correlation }: Needing): Needs {
  return inner.length > 0 || generated.length > 0 ? ONE_RECORD : kindOf(correlation).needs(correlation);
}

/**
 * Of these rules how many records each `matched`, by `number`, and whether it `is_able` to find something: whether some group has as many records, of as many
 * rules, as any finding takes. For rules that are over no other correlation. A record that lies in several chains, or stands in the table twice, counts
 * once in a group, up to so many.
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
  const sql = `SELECT number, sum(rows) AS matched, max(${enough.join(' OR ')}) AS is_able FROM (
    SELECT row.1 AS number, row.2 AS g, bitCount(groupBitOr(row.3)) AS rules, count() AS rows,
      if(count() <= ${MOST_TOLD_APART}, length(arrayDistinct(groupArray(${MOST_TOLD_APART})(row.4))), count()) AS records
    FROM (
      SELECT toUnixTimestamp64Milli(recorded_at) AS ms, sipHash128(${ID}, recorded_at) AS id, arrayJoin(arrayFilter(row -> row.3 != 0, [${rows.join(', ')}])) AS row
      FROM {table:Identifier} WHERE ${IN_TIME}
    ) GROUP BY number, g
  ) AS counted GROUP BY number`;
  return { sql, params };
}

/** Parts of a length of history: what is new after it has so many parts before it without a record. */
const PARTS = 8;

/**
 * The numbers, as `number`, of those of these rules, all of kinds that look back, that may find something: of which a group has a record so late that
 * as many as it takes lie before its window, and where nothing of the group may, one that is the first or comes after as long a time. A rule that looks
 * back takes the engine ten times as long to plan as one that does not, and all of them are told in one pass.
 */
export function compileKnown<R extends Needing>(asked: readonly Asked<R>[], table: string): Compiled {
  const params: Params = { table };
  const begins = asked.map(({ rule: { correlation }, from }) =>
    correlation.past?.lengthMs == null ? 1 : from.getTime() - correlation.timespanMs - correlation.past.lengthMs,
  );
  params['from_ms'] = Math.max(1, Math.min(...begins));
  params['to_ms'] = Math.max(...asked.map(({ to }) => to.getTime()));
  const terms = asked.map(({ rule, to }, number) => {
    params[`begins${number}`] = begins[number] ?? 1;
    params[`to${number}`] = to.getTime();
    const time = within(`begins${number}`, `to${number}`);
    return `SELECT toUInt16(${number}) AS number, ${termsSql(rule, time, params)}`;
  });
  const most = new Map<string, number>();
  for (const { rule } of asked)
    most.set(pastGroup(rule), Math.max(most.get(pastGroup(rule)) ?? 1, needsOf(rule).before?.records ?? 1));
  const groups = [...most.keys()];
  const enough = asked.map(({ rule }, number) => {
    const { records = 0, isFirst = false } = needsOf(rule).before ?? {};
    const at = groups.indexOf(pastGroup(rule));
    const span = windowUs(rule.correlation.timespanMs);
    const known =
      records === 0 ? 'true' : `(of = ${at} AND length(firsts) >= ${records} AND last - ${span} >= firsts[${records}])`;
    const since = records === 0 ? 'true' : `first > firsts[${records}]`;
    const isNew = isFirst ? ` AND (${since} OR arrayExists(gap -> gap >= ${PARTS}, arrayDifference(parts)))` : '';
    return `(number = ${number} AND ${known}${isNew})`;
  });
  const sql = `SELECT DISTINCT number FROM (
    ${terms.join('\n    UNION ALL ')}
  ) AS terms INNER JOIN (
    SELECT row.1 AS of, row.2 AS h, groupArraySorted(${Math.max(...most.values())})(t) AS firsts
    FROM (
      SELECT toUnixTimestamp64Micro(recorded_at) AS t, arrayJoin([${groups.map((group, index) => `(${index}, ${group})`).join(', ')}]) AS row FROM {table:Identifier} WHERE ${IN_TIME}
    ) GROUP BY of, h
  ) AS knowing USING (h) WHERE ${enough.join(' OR ')}`;
  return { sql, params };
}

/**
 * Of the records of a rule in a time, a row a group: the group `h` that its past is of, the `first` and the `last`, and the `parts` of the history it has records
 * in. They are put together by the columns as they lie in the table, which costs a third of putting them together by group.
 */
function termsSql(rule: Needing, time: string, params: Params): string {
  const { bases, correlation } = rule;
  const columns = correlation.groupColumns[0] ?? [];
  const names = columns.map(columnOf);
  const plain = [...new Set(names)].filter((name) => name !== 'chain_id').map((name) => `${name}, `);
  const is = bases
    .filter(({ name }) => correlation.rules.includes(name))
    .map(({ where }) => predicateSql(where, params))
    .join(' OR ');
  const { values } = needsOf(rule);
  const length = correlation.past?.lengthMs ?? null;
  const part =
    length === null ? '0' : `intDiv(toUnixTimestamp64Milli(recorded_at), ${Math.max(1, Math.floor(length / PARTS))})`;
  // a group is of one chain only where its records lack a field, or where it is of the chain
  const chain = names.includes('chain_id')
    ? 'chain_id'
    : `if(${lacksSql(columns)}, chain_id, toUUID('00000000-0000-0000-0000-000000000000'))`;
  return `any(h) AS h, min(first) AS first, max(last) AS last, arraySort(groupUniqArrayArray(parts)) AS parts FROM (
      SELECT chain AS chain_id, sipHash128(${groupSql(columns)}) AS g, ${pastGroup(rule)} AS h, first, last, parts FROM (
        SELECT ${plain.join('')}${chain} AS chain, min(toUnixTimestamp64Micro(recorded_at)) AS first, max(toUnixTimestamp64Micro(recorded_at)) AS last, groupUniqArray(${part}) AS parts
        FROM {table:Identifier} WHERE ${time} AND (${is})${values ? ` AND ${values.stated}` : ''} GROUP BY ${plain.join('')}chain
      )
    ) GROUP BY g`;
}

/** The group that a past is of. */
function pastGroup({ correlation }: Needing): string {
  return `sipHash128(${groupSql((correlation.groupColumns[0] ?? []).slice(0, correlation.past?.fields ?? 0))})`;
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

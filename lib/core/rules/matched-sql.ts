import type { GroupColumn, TextColumn } from './columns';
import { kindOf } from './kinds';
import { type BoundType, type Correlation, EVERY_RECORD } from './kinds/kind';
import { PLACE_COLUMNS } from './place-sql';
import { text } from './predicate-sql';

/** Which rows of the table are of a rule, and of a correlation those that led to its hits; and what is joined to a row to tell. */
export type RowsOf = { hits: string; near: string | null; joins: readonly string[] };

/** A correlation, from when on its windows end, and the time of the records that are read: `[recordsFromUs, toUs)`. */
export type Windows = {
  correlation: Correlation;
  /** Of each of its rules. */
  rows: readonly RowsOf[];
  fromUs: number;
  recordsFromUs: number;
  toUs: number;
};

type Bound = (value: string | number, type: BoundType) => string;

/** What a record is: its hash, or its place where it has none. */
export const ID = `if(hash = '', sipHash128(toString(chain_id), ordinal), sipHash128(hash))`;

const PLACED_BY = ['recorded_at', 'chain_id', 'ordinal', 'segment_digest', 'byte_offset', 'byte_length', 'hash'];
const TIME = 'toUnixTimestamp64Micro(recorded_at)';

/** Bits of a group behind those that say of which correlation it is, where there are several. */
const GROUP_BITS = 112;

/** The key of a group, of `group_values`; and of the `correlation` where there are several. */
export function keySql(many: number): string {
  return many === 1 ? 'sipHash128(group_values)' : keyed('group_values', 'correlation');
}

/** The key of other values, for the same correlation as `g` is of. */
export function groupOf(values: string, many: number): string {
  return many === 1 ? `sipHash128(${values})` : keyed(values, numberSql(many));
}

/** Of which correlation `g` is, from 0 on. */
export function numberSql(many: number): string {
  return many === 1 ? 'toUInt16(0)' : `toUInt16(bitShiftRight(g, ${GROUP_BITS}))`;
}

function keyed(values: string, number: string): string {
  return hashed(`sipHash128(${values})`, number);
}

function hashed(hash: string, number: string): string {
  return `bitOr(bitShiftLeft(toUInt128(${number}), ${GROUP_BITS}), bitShiftRight(reinterpretAsUInt128(${hash}), ${128 - GROUP_BITS}))`;
}

/**
 * Rows of the table that are of the rules of correlations: `t`, `group_values`, `bits` (of which rules), `led` (whether they led to a hit of an inner one),
 * `value`, `PLACE_COLUMNS`, `id`, and of several correlations which `correlation`. `bases` are records that what is joined is looked up for.
 */
export function matchedSql(of: readonly [Windows, ...Windows[]], bases: readonly string[], bound: Bound): string {
  const [one, ...others] = of;
  return others.length === 0 ? matchedByOne(one, bases, bound) : matchedByMany(of, bound);
}

function matchedByOne({ correlation, rows, ...time }: Windows, bases: readonly string[], bound: Bound): string {
  const value = kindOf(correlation).value?.(correlation) ?? EVERY_RECORD;
  const rules = rows.map((of) => ({ ...of, hits: stated(of.hits, correlation) }));
  const joins = [...new Set(rules.flatMap((of) => of.joins))];
  // what is joined is looked up for records that may be of it
  const may = joins.length === 0 ? '' : ` AND (${bases.join(' OR ')})`;
  return `
    SELECT ${TIME} AS t, ${groupsAndBits(correlation, rules)}, ${value.sql} AS value, ${PLACE_COLUMNS}, ${ID} AS id
    FROM {table:Identifier}${joins.join('')} WHERE ${within(time, bound)}${may} AND (${rules.map(included).join(' OR ')})
  `;
}

/** A row of the table that several correlations want is one row for each; the group and the value are made of those that some wants. */
function matchedByMany(of: readonly [Windows, ...Windows[]], bound: Bound): string {
  const [first] = of;
  const isOneTime = of.every(({ recordsFromUs, toUs }) => recordsFromUs === first.recordsFromUs && toUs === first.toUs);
  const wanted = of.flatMap(({ correlation, rows, ...time }, number) => {
    const value = (kindOf(correlation).value?.(correlation) ?? EVERY_RECORD).sql;
    const groups = correlation.groupColumns.map(groupSql);
    const hits = rows.map((one) => stated(one.hits, correlation));
    const bits = hits.map((hit, index) => `bitShiftLeft(toUInt32(${hit}), ${index})`);
    const isIn = isOneTime ? '' : within(time, bound);
    // where aliases name other fields for other rules, a record is in several groups
    const rules =
      new Set(groups).size === 1
        ? [{ group: groups[0] ?? '', bits: bits.join(' + ') }]
        : groups.map((group, index) => ({ group, bits: bits[index] ?? '0' }));
    return rules.map((rule) => ({
      number,
      group: rule.group,
      value,
      any: `(${hits.join(' OR ')})`,
      bits: `toUInt64(${isIn === '' ? rule.bits : `if(${isIn}, ${rule.bits}, 0)`})`,
    }));
  });
  const time = wholeTime(of);
  const read = [
    ...new Set([
      ...PLACED_BY,
      ...of.flatMap(({ correlation }) => correlation.groupColumns.flat().map(columnOf)),
      ...of.flatMap(({ correlation }) => kindOf(correlation).value?.(correlation).columns ?? []),
    ]),
  ].join(', ');
  const lookUp = (what: readonly number[], type: string) => `${arraySql(what, type)}[want]`;
  const choose = (sqlOf: readonly string[]) => {
    const [only = '', ...more] = new Set(sqlOf);
    if (more.length === 0) return only;
    const cases = [only, ...more];
    const at = lookUp(
      sqlOf.map((sql) => cases.indexOf(sql)),
      'UInt16',
    );
    return `multiIf(${cases
      .slice(0, -1)
      .map((sql, index) => `${at} = ${index}, ${sql}`)
      .join(', ')}, ${cases.at(-1) ?? ''})`;
  };
  return `
    SELECT ${TIME} AS t, ${lookUp(
      wanted.map(({ number }) => number),
      'UInt16',
    )} AS correlation, ${choose(wanted.map(({ group }) => group))} AS group_values,
      wants[want] AS bits, toUInt8(0) AS led, ${choose(wanted.map(({ value }) => value))} AS value, ${PLACE_COLUMNS}, ${ID} AS id
    FROM (
      SELECT ${read}, wants, arrayJoin(arrayFilter((number, bits) -> bits != 0, range(1, ${wanted.length + 1}), wants)) AS want
      FROM (
        SELECT ${read}, [${wanted.map(({ bits }) => bits).join(', ')}] AS wants
        FROM {table:Identifier} WHERE ${within(time, bound)} AND (${[...new Set(wanted.map(({ any }) => any))].join(' OR ')})
      )
    )
  `;
}

/** Every record of the group that the past of each is of: `g`, `t` and `id`. A record that lies twice is there twice. */
export function everyoneSql(of: readonly [Windows, ...Windows[]], bound: Bound): string {
  const [first, ...others] = of;
  if (others.length === 0)
    return `
    SELECT sipHash128(${pastGroup(first)}) AS g, ${TIME} AS t, ${ID} AS id FROM {table:Identifier} WHERE ${within(first, bound)}
  `;
  const groups = [...new Set(of.map(pastGroup))];
  const array = (what: readonly number[], type: string) => `${arraySql(what, type)}[correlation + 1]`;
  const time = wholeTime(of);
  const group =
    groups.length === 1
      ? 'hashes[1]'
      : `hashes[${array(
          of.map((one) => groups.indexOf(pastGroup(one)) + 1),
          'UInt16',
        )}]`;
  return `
    SELECT ${hashed(group, 'correlation')} AS g, t, id
    FROM (
      SELECT ${TIME} AS t, ${ID} AS id, [${groups.map((one) => `sipHash128(${one})`).join(', ')}] AS hashes, arrayJoin(range(toUInt16(${of.length}))) AS correlation
      FROM {table:Identifier} WHERE ${within(time, bound)}
    )
    WHERE t >= ${array(
      of.map((one) => one.recordsFromUs),
      'Int64',
    )} AND t < ${array(
      of.map((one) => one.toUs),
      'Int64',
    )}
  `;
}

/** The time of the records of all. */
function wholeTime(of: readonly Windows[]): Pick<Windows, 'recordsFromUs' | 'toUs'> {
  return {
    recordsFromUs: Math.min(...of.map(({ recordsFromUs }) => recordsFromUs)),
    toUs: Math.max(...of.map(({ toUs }) => toUs)),
  };
}

/** Numbers of our own, as the engine has an array of them. */
function arraySql(numbers: readonly number[], type: string): string {
  return `CAST([${numbers.join(', ')}] AS Array(${type}))`;
}

/** Which rows are of a time. */
function within({ recordsFromUs, toUs }: Pick<Windows, 'recordsFromUs' | 'toUs'>, bound: Bound): string {
  return `recorded_at >= fromUnixTimestamp64Micro(${bound(Math.max(1, recordsFromUs), 'Int64')}, 'UTC') AND recorded_at < fromUnixTimestamp64Micro(${bound(toUs, 'Int64')}, 'UTC')`;
}

/** Rows of a rule that have what its correlation takes of them. */
function stated(hits: string, correlation: Correlation): string {
  const { value } = kindOf(correlation);
  return value ? `(${hits} AND ${value(correlation).stated})` : hits;
}

function included({ hits, near }: RowsOf): string {
  return near === null ? hits : `(${hits} OR ${near})`;
}

/** The column of the lake that a group is of. */
export function columnOf(column: GroupColumn): TextColumn {
  return typeof column === 'string' ? column : column.lower;
}

function pastGroup({ correlation }: Windows): string {
  return groupSql((correlation.groupColumns[0] ?? []).slice(0, correlation.past?.fields ?? 0));
}

/**
 * The columns `group_values`, `bits` and `led`. Where aliases name other fields for other rules, a record is one row for each group it is in.
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
  const values = [
    ...columns.map((column) =>
      typeof column === 'string' ? `toString(${text(column)})` : `lowerUTF8(${text(column.lower)})`,
    ),
    `if(${lacksSql(columns)}, toString(chain_id), '')`,
  ];
  return `CAST([${values.join(', ')}] AS Array(String))`;
}

/** Whether a record lacks one of the fields. */
export function lacksSql(columns: readonly GroupColumn[]): string {
  return columns.length === 0 ? 'false' : columns.map((column) => `${text(columnOf(column))} = ''`).join(' OR ');
}

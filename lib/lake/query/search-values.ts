import 'server-only';
import type { Context } from '../../context';
import { COLUMNS } from '../../core/event/fields';
import type { ColumnName } from '../../core/search/fields';
import { TRAITS } from '../traits';
import { EVENTS } from './events';
import { integrityOf } from './integrity';
import { type Searched, answerOf, conditionOf } from './search';

export type Values = { values: { value: string; count: number }[]; different: number };

/** What is counted by: a column, or the word of all traits, with the SQL of each column's value of it. */
type Key = { written: string; values: readonly (readonly [ColumnName, (key: string) => string])[] };

/** Columns of few different values. All others are gone through by themselves: as many texts as records at once are more than a search may hold. */
const FEW: ReadonlySet<ColumnName> = new Set(
  COLUMNS.flatMap(({ name, type }) => (type === 'word' || type === 'decision' || type === 'uuid' ? [name] : [])),
);
const TRAIT: ReadonlySet<ColumnName> = new Set(TRAITS);

/**
 * Values each column has among what is found, those of most records first, and how many different there are; empty ones are left out. For the columns
 * of few values the records are gone through once, and once more for each of as many values as records.
 */
export async function valuesOfEach(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  columns: readonly ColumnName[],
  limit: number,
): Promise<Map<ColumnName, Values>> {
  const few = columns.filter((name) => FEW.has(name));
  const many = columns.filter((name) => !FEW.has(name));
  const found = new Map<ColumnName, Values>();
  for (const some of [few, ...many.map((name) => [name])])
    for (const [name, values] of await valuesAtOnce(ctx, searched, some, limit)) found.set(name, values);
  return found;
}

async function valuesAtOnce(
  ctx: Pick<Context, 'lake'>,
  searched: Searched,
  columns: readonly ColumnName[],
  limit: number,
): Promise<Map<ColumnName, Values>> {
  if (columns.length === 0) return new Map();
  const { condition, parameters } = conditionOf(searched);
  const keys = keysOf(searched, columns);
  const names = keys.map((_, index) => `key${index}`);
  // `grouping` has a bit for each key, the first the highest, which is clear for the one that a row is of.
  const mask = (index: number) => 2 ** keys.length - 1 - 2 ** (keys.length - 1 - index);
  const valuesOfKey = ({ values }: Key, index: number) =>
    `mask = ${mask(index)}, [${values.map(([name, sql]) => `(${columns.indexOf(name)}, ${sql(`key${index}`)})`).join(', ')}]`;
  const rows = await answerOf<{ field: number; value: string; records: number; different: number }>(
    ctx,
    searched,
    `SELECT one.1 AS field, one.2 AS value, sum(counted) AS records, count() OVER (PARTITION BY field) AS different
      FROM (
        SELECT grouping(${names.join(', ')}) AS mask, arrayJoin(multiIf(${keys.map(valuesOfKey).join(', ')}, [])) AS one, count() AS counted
        FROM (SELECT ${keys.map(({ written }, index) => `${written} AS key${index}`).join(', ')} FROM ${EVENTS} WHERE ${condition})
        GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')}))
      WHERE value != '' GROUP BY field, value ORDER BY records DESC, value LIMIT {limit: UInt32} BY field`,
    { ...parameters, limit },
  );
  const byField = Map.groupBy(rows, ({ field }) => field);
  return new Map(
    columns.map((name, field) => {
      const of = byField.get(field) ?? [];
      return [
        name,
        { values: of.map(({ value, records }) => ({ value, count: records })), different: of[0]?.different ?? 0 },
      ];
    }),
  );
}

/** Two traits and more are counted by the word of all of them. */
function keysOf({ damaged }: Searched, columns: readonly ColumnName[]): Key[] {
  const together = columns.filter((name) => TRAIT.has(name)).length > 1;
  const traits: Key = {
    written: 'traits',
    values: TRAITS.filter((name) => columns.includes(name)).map((name) => [
      name,
      (key) => `splitByChar('\\0', ${key})[${TRAITS.indexOf(name) + 1}]`,
    ]),
  };
  const others = columns
    .filter((name) => !(together && TRAIT.has(name)))
    .map(
      (name): Key => ({
        written: name === 'integrity' ? integrityOf(damaged) : name,
        values: [[name, (key) => `toString(${key})`]],
      }),
    );
  return [...(together ? [traits] : []), ...others];
}

import { COLUMNS as ALL } from '../event/fields';

type RuleField = Extract<(typeof ALL)[number], { inRules: true }>;
type Numeric = Extract<RuleField, { type: 'count32' | 'count53' | 'amount' }>['name'];

/** Columns of the lake that rules may name, and nothing else can reach SQL as a name. Field names in rules are these. */
export type ColumnName = RuleField['name'];
export type TextColumn = Exclude<ColumnName, Numeric>;
/** A column that records are grouped by: as it is written, or in lower case. */
export type GroupColumn = TextColumn | { lower: TextColumn };

const NUMERIC: ReadonlySet<string> = new Set(['count32', 'count53', 'amount']);

/** What each holds. */
export const COLUMNS = Object.fromEntries(
  ALL.filter(({ inRules }) => inRules).map(({ name, type }) => [name, NUMERIC.has(type) ? 'number' : 'text']),
) as Record<ColumnName, 'text' | 'number'>; // of every name, by the type of the list

const AMOUNTS: ReadonlySet<string> = new Set(ALL.filter(({ type }) => type === 'amount').map(({ name }) => name));

/** Whether it holds numbers that may have a fraction. */
export function isAmount(name: ColumnName): boolean {
  return AMOUNTS.has(name);
}

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(COLUMNS, name);
}

export function isTextColumn(name: string): name is TextColumn {
  return isColumn(name) && COLUMNS[name] === 'text';
}

import * as z from 'zod';
import { type ColumnName, isColumn, isTextColumn, type TextColumn } from '../columns';
import type { RuleDocument } from '../documents';
import { compare } from '../matches';
import { COMPARISONS } from '../rule';
import type { Condition, Correlation, Referable } from './kind';
import type { KindType } from './measures';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const OPS = [...COMPARISONS, 'neq'] as const;
/** As many rules as bits hold that tell which of them a record is of. */
const MAX_RULES = 32;

/** Beyond it no value of a record is told from the next. */
const MOST_BOUND = Number.MAX_SAFE_INTEGER;

const number = z.number();
/** What a condition compares with: several hold together. */
export const BOUNDS = {
  gt: number.optional(),
  gte: number.optional(),
  lt: number.optional(),
  lte: number.optional(),
  eq: number.optional(),
  neq: number.optional(),
};
const names = z.array(z.string());

/** A number of seconds, minutes, hours or days. */
export const Timespan = z.string().regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a number followed by s, m, h or d');

export function timespanMs(written: string): number {
  const unit = written.slice(-1) as keyof typeof UNIT_MS; // by the schema's pattern
  return Number(written.slice(0, -1)) * UNIT_MS[unit];
}

/** The `correlation` section of one type; what `condition` holds is of the type. */
export function sectionOf<T extends KindType, C extends z.ZodType>(type: T, condition: C) {
  return z.strictObject({
    type: z.literal(type),
    rules: names.min(1).max(MAX_RULES),
    'group-by': names.default([]),
    timespan: Timespan,
    condition,
    aliases: z.record(z.string(), z.record(z.string(), z.string())).optional(),
    generate: z.boolean().optional(),
  });
}

type Section = Omit<z.output<ReturnType<typeof sectionOf>>, 'condition' | 'type'>;

/** What every section says but its condition. */
export function readSection(
  section: Section,
  known: readonly Referable[],
  { refuse }: RuleDocument,
): Omit<Correlation, 'type' | 'conditions'> {
  const rules = section.rules.map((wanted, index) => {
    const rule = known.find(({ id, name }) => wanted === name || wanted === id);
    return rule ? rule.name : refuse(['correlation', 'rules', index], `no rule of this file is called "${wanted}"`);
  });
  const aliases = section.aliases ?? {};
  const columnOf = (name: string, index: number, rule: string): TextColumn => {
    const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (!alias) return grouped(name, ['correlation', 'group-by', index]);
    const path = ['correlation', 'aliases', name];
    const column = Object.hasOwn(alias, rule) ? alias[rule] : undefined;
    return column === undefined
      ? refuse(path, `says no field for the rule "${rule}"`)
      : grouped(column, [...path, rule]);
  };
  function grouped(name: string, path: (string | number)[]): TextColumn {
    if (isTextColumn(name)) return name;
    return refuse(
      path,
      isColumn(name) ? `"${name}" holds numbers; grouping is by text` : `"${name}" is no field of a record`,
    );
  }
  for (const [alias, fields] of Object.entries(aliases)) {
    const path = ['correlation', 'aliases', alias];
    if (!section['group-by'].includes(alias)) refuse(path, 'is an alias that nothing is grouped by', 'key');
    const unknown = Object.keys(fields).find((rule) => !rules.includes(rule));
    if (unknown !== undefined) refuse([...path, unknown], `"${unknown}" is no rule of this correlation`, 'key');
  }
  return {
    rules,
    groupBy: section['group-by'],
    groupColumns: rules.map((rule) => section['group-by'].map((name, index) => columnOf(name, index, rule))),
    timespan: section.timespan,
    timespanMs: timespanMs(section.timespan),
  };
}

/** What is compared with; `isWhole` where counts are. */
export function readConditions(
  bounds: Partial<Record<(typeof OPS)[number], number | undefined>>,
  isWhole: boolean,
  { refuse }: RuleDocument,
  path: readonly string[] = ['correlation', 'condition'],
): Condition[] {
  const conditions = OPS.flatMap((op) => {
    const value = bounds[op];
    if (value === undefined) return [];
    if (isWhole && !(Number.isSafeInteger(value) && value >= 0))
      refuse([...path, op], 'must be a whole number of 0 or more');
    if (Math.abs(value) > MOST_BOUND) refuse([...path, op], `must lie within ±${MOST_BOUND}`);
    return [{ op, value }];
  });
  if (conditions.length === 0) refuse(path, `must hold at least one of ${OPS.join(', ')}`);
  return conditions;
}

/** The columns a condition is about. */
export function readFields(field: string | readonly string[], { refuse }: RuleDocument): [ColumnName, ...ColumnName[]] {
  const path = ['correlation', 'condition', 'field'];
  const [first, ...rest] = (typeof field === 'string' ? [field] : field).map((name, index) =>
    isColumn(name)
      ? name
      : refuse(typeof field === 'string' ? path : [...path, index], `"${name}" is no field of a record`),
  );
  return first ? [first, ...rest] : refuse(path, 'must name a field');
}

/** The one column of numbers that is added up or ranked. */
export function readNumberField(field: string, document: RuleDocument): ColumnName {
  const [column] = readFields(field, document);
  return isTextColumn(column)
    ? document.refuse(['correlation', 'condition', 'field'], `"${column}" holds text; numbers are needed`)
    : column;
}

export function holds(conditions: readonly Condition[], left: number): boolean {
  return conditions.every(({ op, value }) => (op === 'neq' ? left !== value : compare(left, op, value)));
}

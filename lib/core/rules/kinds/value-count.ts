import * as z from 'zod';
import { type ColumnName, isTextColumn } from '../columns';
import { text as textOf } from '../matches';
import { text } from '../predicate-sql';
import type { ExampleEvent } from '../rule';
import { type Correlation, type ValueSql, comparedBy, defineKind, leastOf, peakOf } from './kind';
import { BOUNDS, holds, readConditions, readFields, readSection, sectionOf } from './section';
import { countedBy, eachConditionSql, presenceMarks } from './windows-sql';

/** Different values of a field, or of several together, in a sliding window. Records that lack one of them take no part. */
type ValueCount = Correlation & { type: 'value_count'; fields: ColumnName[] };

const Section = sectionOf(
  'value_count',
  z.strictObject({ ...BOUNDS, field: z.union([z.string(), z.array(z.string()).min(1)]) }),
);

export const valueCount = defineKind<ValueCount>({
  type: 'value_count',
  schema: Section,
  parse: (written, rules, document) => {
    const section = Section.parse(written);
    const { field, ...bounds } = section.condition;
    const conditions = readConditions(bounds, true, document);
    const fields = readFields(field, document);
    return { type: section.type, ...readSection(section, rules, document), conditions, fields };
  },
  shape: comparedBy,
  sql: (correlations, names) => ({
    ctes: countedBy(
      names,
      presenceMarks(names, `SELECT g, t, v AS value FROM ${names.seen} GROUP BY g, t, v`),
      'toFloat64(amount)',
      eachConditionSql(correlations, 'amount', (values) => names.each(values, 'UInt64')),
    ),
  }),
  value: ({ fields }) => valuesSql(fields),
  meaning: ({ fields, conditions }) => ({
    measure: (window) => {
      const values = window.map(({ event }) => JSON.stringify(fields.map((field) => String(event[field] ?? ''))));
      const measured = new Set(values).size;
      return { measured, isHit: holds(conditions, measured) };
    },
    isStated: (event) => fields.every((field) => isSaid(event, field)),
  }),
  needs: ({ fields, conditions }) => ({ records: leastOf({ conditions }), rules: 1, values: valuesSql(fields) }),
  measuresOf: peakOf,
});

function valuesSql(fields: readonly ColumnName[]): ValueSql {
  return {
    sql: `CAST([${fields.map((field) => `toString(${text(field)})`).join(', ')}] AS Array(String))`,
    columns: fields,
    stated: fields.map((field) => (isTextColumn(field) ? `${text(field)} != ''` : `${field} != 0`)).join(' AND '),
  };
}

function isSaid(event: ExampleEvent, field: ColumnName): boolean {
  return isTextColumn(field) ? textOf(event, field) !== '' : Number(event[field] ?? 0) !== 0;
}

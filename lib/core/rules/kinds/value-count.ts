import * as z from 'zod';
import { type ColumnName, isTextColumn } from '../columns';
import { text as textOf } from '../matches';
import { text } from '../predicate-sql';
import type { ExampleEvent } from '../rule';
import { type Correlation, defineKind, peakOf } from './kind';
import { BOUNDS, readConditions, readFields, readSection, sectionOf } from './section';
import { evaluateWindows, holds } from './windows-oracle';
import { conditionSql, countedBy, presenceMarks, windowsSql } from './windows-sql';

/** Different values of a field, or of several together, in a sliding window. Records that lack one of them take no part. */
type ValueCount = Correlation & { type: 'value_count'; fields: ColumnName[] };

const Section = sectionOf(
  'value_count',
  z.strictObject({ ...BOUNDS, field: z.union([z.string(), z.array(z.string()).min(1)]) }),
);

export const valueCount = defineKind<ValueCount>({
  type: 'value_count',
  schema: Section,
  parse: (written, bases, document) => {
    const section = Section.parse(written);
    const { field, ...bounds } = section.condition;
    const conditions = readConditions(bounds, true, document);
    const fields = readFields(field, document);
    return { type: section.type, ...readSection(section, bases, document), conditions, fields };
  },
  compile: (rule, searched) =>
    windowsSql(rule, searched, (params) => {
      const { fields, conditions } = rule.correlation;
      return {
        value: {
          sql: `CAST([${fields.map((field) => `toString(${text(field)})`).join(', ')}] AS Array(String))`,
          stated: fields.map((field) => (isTextColumn(field) ? `${text(field)} != ''` : `${field} != 0`)).join(' AND '),
        },
        ctes: countedBy(
          presenceMarks('SELECT g, t, v AS value FROM once GROUP BY g, t, v'),
          'toFloat64(amount)',
          conditionSql(conditions, 'amount', (name) => `{${name}:UInt64}`, params),
        ),
      };
    }),
  evaluate: (rule, events) => {
    const { fields, conditions } = rule.correlation;
    const valueOf = (event: ExampleEvent) =>
      fields.map((field) => (isTextColumn(field) ? textOf(event, field) : String(event[field] ?? 0)));
    return evaluateWindows(
      rule,
      events,
      (window) => {
        const measured = new Set(window.map(({ event }) => JSON.stringify(valueOf(event)))).size;
        return { measured, isHit: holds(conditions, measured) };
      },
      (event) =>
        fields.every((field) => (isTextColumn(field) ? textOf(event, field) !== '' : Number(event[field] ?? 0) !== 0)),
    );
  },
  measuresOf: peakOf,
});

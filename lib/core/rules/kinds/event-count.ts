import * as z from 'zod';
import { isColumn, isTextColumn } from '../columns';
import type { RuleDocument } from '../documents';
import { type BaseRule, COMPARISONS, type Comparison } from '../rule';
import { evaluateEventCount } from './event-count-oracle';
import { eventCountSql } from './event-count-sql';
import { type Correlation, type Measured, defineKind } from './kind';

/** Matches of any of `rules` in a sliding window. */
export type EventCount = Correlation & {
  type: 'event_count';
  /** Names of base rules of the same file. */
  rules: string[];
  condition: { op: Comparison; value: number };
};

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const Section = z.strictObject({
  type: z.literal('event_count'),
  rules: z.array(z.string()).min(1),
  'group-by': z.array(z.string()).default([]),
  timespan: z.string().regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a number followed by s, m, h or d'),
  condition: z.strictObject(
    Object.fromEntries(COMPARISONS.map((op) => [op, z.number().int().min(0).optional()])) as Record<
      Comparison,
      z.ZodOptional<z.ZodNumber>
    >,
  ), // keys are the comparisons
  generate: z.boolean().optional(),
});

export const eventCount = defineKind<EventCount>({
  type: 'event_count',
  schema: Section,
  parse: (section, bases, document) => parse(Section.parse(section), bases, document),
  compile: eventCountSql,
  evaluate: evaluateEventCount,
  measuresOf: ({ condition }, { peak = 0 }: Measured) => ({ count: peak, threshold: condition.value }),
});

function parse(section: z.output<typeof Section>, bases: readonly BaseRule[], { refuse }: RuleDocument): EventCount {
  const named = section.rules.map((wanted, index) => {
    const base = bases.find(({ id, name }) => wanted === name || wanted === id);
    return base ? base.name : refuse(['correlation', 'rules', index], `no rule of this file is called "${wanted}"`);
  });
  const groupBy = section['group-by'].map((field, index) =>
    isTextColumn(field)
      ? field
      : refuse(
          ['correlation', 'group-by', index],
          isColumn(field) ? `"${field}" holds numbers; grouping is by text` : `"${field}" is no field of a record`,
        ),
  );
  const comparisons = COMPARISONS.flatMap((op) => {
    const value = section.condition[op];
    return value === undefined ? [] : [{ op, value }];
  });
  const [condition] = comparisons;
  if (!condition || comparisons.length > 1)
    return refuse(['correlation', 'condition'], `must hold one of ${COMPARISONS.join(', ')}; ranges are not supported`);
  const unit = section.timespan.slice(-1) as keyof typeof UNIT_MS; // by the schema's pattern
  const timespanMs = Number(section.timespan.slice(0, -1)) * UNIT_MS[unit];
  return { type: section.type, rules: named, groupBy, timespan: section.timespan, timespanMs, condition };
}

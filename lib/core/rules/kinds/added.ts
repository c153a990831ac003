import * as z from 'zod';
import { type ColumnName } from '../columns';
import { type Correlation, defineKind, peakOf } from './kind';
import { BOUNDS, readConditions, readNumberField, readSection, sectionOf } from './section';
import { billionths, billionthsOf, evaluateWindows, whole } from './windows-oracle';
import { WHOLE, billionthsSql, conditionSql, countedBy, windowsSql } from './windows-sql';
import { compare } from '../matches';

/** The sum of a field of numbers in a sliding window, or its average over the records that state it; exact to the billionth. */
type Added = Correlation & { type: 'value_sum' | 'value_avg'; field: ColumnName };

const Condition = z.strictObject({ ...BOUNDS, field: z.string() });

export function added(type: Added['type']) {
  const Section = sectionOf(type, Condition);
  const isAverage = type === 'value_avg';
  return defineKind<Added>({
    type,
    schema: Section,
    parse: (written, bases, document) => {
      const section = Section.parse(written);
      const { field, ...bounds } = section.condition;
      const conditions = readConditions(bounds, false, document);
      return { type, ...readSection(section, bases, document), conditions, field: readNumberField(field, document) };
    },
    compile: (rule, searched) =>
      windowsSql(rule, searched, (params) => {
        const { field, conditions } = rule.correlation;
        const bound = (value: number) => String(billionths(value));
        const times = isAverage ? ' * many' : '';
        return {
          value: { sql: billionthsSql(field), stated: `${field} != 0` },
          ctes: countedBy(
            `SELECT g, mark.1 AS pos, mark.2 AS amount, mark.3 AS many, mark.3 > 0 AS is_match
    FROM (SELECT g, t, sum(v) AS s, toInt64(count()) AS c FROM once GROUP BY g, t) ARRAY JOIN [(t, s, c), (t + {span_us:Int64}, -s, -c)] AS mark`,
            isAverage ? `${WHOLE} / many` : WHOLE,
            conditionSql(conditions, 'amount', (name) => `{${name}:Int128}${times}`, params, bound),
          ),
        };
      }),
    evaluate: (rule, events) => {
      const { field, conditions } = rule.correlation;
      return evaluateWindows(
        rule,
        events,
        (window) => {
          const sum = window.reduce((total, { event }) => total + billionthsOf(event, field), 0n);
          const many = isAverage ? window.length : 1;
          const isHit = conditions.every(({ op, value }) => {
            const bound = billionths(value) * BigInt(many);
            return op === 'neq' ? sum !== bound : compare(sum, op, bound);
          });
          return { measured: whole(sum) / many, isHit };
        },
        (event) => Number(event[field] ?? 0) !== 0,
      );
    },
    measuresOf: peakOf,
  });
}

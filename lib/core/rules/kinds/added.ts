import * as z from 'zod';
import type { ColumnName } from '../columns';
import { compare, numberOf } from '../matches';
import { type Correlation, ONE_RECORD, comparedBy, defineKind, peakOf } from './kind';
import { BOUNDS, readConditions, readNumberField, readSection, sectionOf } from './section';
import { billionths, billionthsOf, billionthsSql, whole, wholeSql } from './billionths';
import { countedBy, eachConditionSql } from './windows-sql';

/** The sum of a field of numbers in a sliding window, or its average over the records that state it; exact to the billionth. */
type Added = Correlation & { type: 'value_sum' | 'value_avg'; field: ColumnName };

const Condition = z.strictObject({ ...BOUNDS, field: z.string() });

export function added(type: Added['type']) {
  const Section = sectionOf(type, Condition);
  const isAverage = type === 'value_avg';
  return defineKind<Added>({
    type,
    schema: Section,
    parse: (written, rules, document) => {
      const section = Section.parse(written);
      const { field, ...bounds } = section.condition;
      const conditions = readConditions(bounds, false, document);
      return { type, ...readSection(section, rules, document), conditions, field: readNumberField(field, document) };
    },
    shape: comparedBy,
    sql: (correlations, names) => ({
      ctes: countedBy(
        names,
        `SELECT g, mark.1 AS pos, mark.2 AS amount, mark.3 AS many, mark.3 > 0 AS is_match
    FROM (SELECT g, t, sum(v) AS s, toInt64(count()) AS c FROM ${names.seen} GROUP BY g, t) ARRAY JOIN [(t, s, c), (t + ${names.span}, -s, -c)] AS mark`,
        isAverage ? `${wholeSql('amount')} / many` : wholeSql('amount'),
        // an average is compared as the sum that it would be of
        eachConditionSql(
          correlations,
          'amount',
          (values) =>
            `${names.each(
              values.map((value) => String(billionths(value))),
              'Int128',
            )}${isAverage ? ' * many' : ''}`,
        ),
      ),
    }),
    value: ({ field }) => ({ sql: billionthsSql(field), columns: [field], stated: `${field} != 0` }),
    meaning: ({ field, conditions }) => ({
      measure: (window) => {
        const sum = window.reduce((total, { event }) => total + billionthsOf(event, field), 0n);
        const many = isAverage ? window.length : 1;
        const isHit = conditions.every(({ op, value }) => {
          const bound = billionths(value) * BigInt(many);
          return op === 'neq' ? sum !== bound : compare(sum, op, bound);
        });
        return { measured: whole(sum) / many, isHit };
      },
      isStated: (event) => numberOf(event, field) !== 0,
    }),
    needs: () => ONE_RECORD,
    measuresOf: peakOf,
  });
}

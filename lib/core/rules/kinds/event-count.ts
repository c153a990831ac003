import * as z from 'zod';
import { type Correlation, comparedBy, defineKind, leastOf, peakOf } from './kind';
import { BOUNDS, holds, readConditions, readSection, sectionOf } from './section';
import { countedBy, eachConditionSql } from './windows-sql';

/** Matches of any of `rules` in a sliding window. */
type EventCount = Correlation & { type: 'event_count' };

const Section = sectionOf('event_count', z.strictObject(BOUNDS));

export const eventCount = defineKind<EventCount>({
  type: 'event_count',
  schema: Section,
  parse: (written, rules, document) => {
    const section = Section.parse(written);
    const conditions = readConditions(section.condition, true, document);
    return { type: section.type, ...readSection(section, rules, document), conditions };
  },
  shape: comparedBy,
  sql: (correlations, names) => ({
    ctes: countedBy(
      names,
      `SELECT g, mark.1 AS pos, toInt128(mark.2) AS amount, toInt64(0) AS many, mark.2 > 0 AS is_match
    FROM (SELECT g, t, toInt64(count()) AS c FROM ${names.seen} GROUP BY g, t) ARRAY JOIN [(t, c), (t + ${names.span}, -c)] AS mark`,
      'toFloat64(amount)',
      eachConditionSql(correlations, 'amount', (values) => names.each(values, 'UInt64')),
    ),
  }),
  meaning: ({ conditions }) => ({
    measure: ({ length }) => ({ measured: length, isHit: holds(conditions, length) }),
  }),
  needs: (correlation) => ({ records: leastOf(correlation), rules: 1 }),
  measuresOf: peakOf,
});

import * as z from 'zod';
import { type Correlation, comparedBy, defineKind, leastOf, peakOf } from './kind';
import { BOUNDS, holds, readConditions, readSection, sectionOf } from './section';
import { countedBy, eachConditionSql, presenceMarks } from './windows-sql';

/** Matches of every one of `rules`, or of as many different ones as a condition says, in a sliding window, in any order. */
type Temporal = Correlation & { type: 'temporal' };

const Section = sectionOf('temporal', z.strictObject(BOUNDS).optional());

export const temporal = defineKind<Temporal>({
  type: 'temporal',
  schema: Section,
  parse: (written, rules, document) => {
    const section = Section.parse(written);
    const read = readSection(section, rules, document);
    const conditions = section.condition
      ? readConditions(section.condition, true, document)
      : [{ op: 'gte' as const, value: new Set(read.rules).size }];
    return { type: section.type, ...read, conditions };
  },
  shape: comparedBy,
  sql: (correlations, names) => ({
    ctes: countedBy(
      names,
      presenceMarks(names, `SELECT DISTINCT g, t, arrayJoin(bitmaskToArray(r)) AS value FROM ${names.seen}`),
      'toFloat64(amount)',
      eachConditionSql(correlations, 'amount', (values) => names.each(values, 'UInt64')),
    ),
  }),
  meaning: ({ conditions }) => ({
    measure: (window) => {
      const measured = new Set(window.flatMap(({ rules }) => [...rules])).size;
      return { measured, isHit: holds(conditions, measured) };
    },
  }),
  needs: (correlation) => ({ records: 1, rules: leastOf(correlation) }),
  measuresOf: peakOf,
});

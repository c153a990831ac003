import * as z from 'zod';
import { type Correlation, defineKind, peakOf } from './kind';
import { BOUNDS, readConditions, readSection, sectionOf } from './section';
import { evaluateWindows, holds } from './windows-oracle';
import { conditionSql, countedBy, presenceMarks, windowsSql } from './windows-sql';

/** Matches of every one of `rules`, or of as many different ones as a condition says, in a sliding window, in any order. */
type Temporal = Correlation & { type: 'temporal' };

const Section = sectionOf('temporal', z.strictObject(BOUNDS).optional());

export const temporal = defineKind<Temporal>({
  type: 'temporal',
  schema: Section,
  parse: (written, bases, document) => {
    const section = Section.parse(written);
    const read = readSection(section, bases, document);
    const conditions = section.condition
      ? readConditions(section.condition, true, document)
      : [{ op: 'gte' as const, value: new Set(read.rules).size }];
    return { type: section.type, ...read, conditions };
  },
  compile: (rule, searched) =>
    windowsSql(rule, searched, (params) => ({
      ctes: countedBy(
        presenceMarks('SELECT DISTINCT g, t, arrayJoin(bitmaskToArray(r)) AS value FROM once'),
        'toFloat64(amount)',
        conditionSql(rule.correlation.conditions, 'amount', (name) => `{${name}:UInt64}`, params),
      ),
    })),
  evaluate: (rule, events) =>
    evaluateWindows(rule, events, (window) => {
      const measured = new Set(window.flatMap(({ rules }) => [...rules])).size;
      return { measured, isHit: holds(rule.correlation.conditions, measured) };
    }),
  measuresOf: peakOf,
});

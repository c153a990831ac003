import * as z from 'zod';
import { type Correlation, defineKind, peakOf } from './kind';
import { BOUNDS, readConditions, readSection, sectionOf } from './section';
import { evaluateWindows, holds } from './windows-oracle';
import { conditionSql, countedBy, windowsSql } from './windows-sql';

/** Matches of any of `rules` in a sliding window. */
type EventCount = Correlation & { type: 'event_count' };

const Section = sectionOf('event_count', z.strictObject(BOUNDS));

export const eventCount = defineKind<EventCount>({
  type: 'event_count',
  schema: Section,
  parse: (written, bases, document) => {
    const section = Section.parse(written);
    const conditions = readConditions(section.condition, true, document);
    return { type: section.type, ...readSection(section, bases, document), conditions };
  },
  compile: (rule, searched) =>
    windowsSql(rule, searched, (params) => ({
      ctes: countedBy(
        `SELECT g, mark.1 AS pos, toInt128(mark.2) AS amount, toInt64(0) AS many, mark.2 > 0 AS is_match
    FROM (SELECT g, t, toInt64(count()) AS c FROM once GROUP BY g, t) ARRAY JOIN [(t, c), (t + {span_us:Int64}, -c)] AS mark`,
        'toFloat64(amount)',
        conditionSql(rule.correlation.conditions, 'amount', (name) => `{${name}:UInt64}`, params),
      ),
    })),
  evaluate: (rule, events) =>
    evaluateWindows(rule, events, ({ length }) => ({
      measured: length,
      isHit: holds(rule.correlation.conditions, length),
    })),
  measuresOf: peakOf,
});

import * as z from 'zod';
import { type Correlation, defineKind, peakOf } from './kind';
import { readSection, sectionOf } from './section';
import { type Seen, evaluateWindows } from './windows-oracle';
import { windowsSql } from './windows-sql';

/**
 * Matches of every one of `rules`, in their order, within a timespan. Records of one time are in the order of their chain, and by chain where they are of
 * several. A record stands for one rule of the order only.
 */
type TemporalOrdered = Correlation & { type: 'temporal_ordered' };

const Section = sectionOf(
  'temporal_ordered',
  z.undefined('takes no condition: all of its rules have to match, in their order').optional(),
);

export const temporalOrdered = defineKind<TemporalOrdered>({
  type: 'temporal_ordered',
  schema: Section,
  parse: (written, bases, document) => {
    const section = Section.parse(written);
    const read = readSection(section, bases, document);
    return { type: section.type, ...read, conditions: [{ op: 'gte', value: read.rules.length }] };
  },
  compile: (rule, searched) => windowsSql(rule, searched, () => ({ ctes: orderedSql(rule.correlation.rules.length) })),
  evaluate: (rule, events) => {
    const { length } = rule.correlation.rules;
    return evaluateWindows(rule, events, (window) => {
      // the sequence ends with the last time of the window, or another window is the one that it ends
      const last = window.at(-1)?.t ?? 0;
      const isHit = window.some(
        (seen, index) => seen.t === last && endsSequence(window.slice(0, index + 1), length - 1),
      );
      return { measured: isHit ? length : 0, isHit };
    });
  },
  measuresOf: peakOf,
});

/** Whether the last of these is of a rule, and before it there is one of the rule before, and so on. */
function endsSequence(window: readonly Seen[], rule: number): boolean {
  if (!window.at(-1)?.rules.has(rule)) return false;
  return (
    rule === 0 ||
    window.some((_, index) => index < window.length - 1 && endsSequence(window.slice(0, index + 1), rule - 1))
  );
}

/** `s1`, `s2` …: of a sequence of the first rules that ends at a record, the latest time that it can begin. 0 where none ends there. */
function orderedSql(rules: number): string {
  let from = 'SELECT g, t, r, first, if(bitTest(r, 0), t, 0) AS s0 FROM once';
  for (let rule = 1; rule < rules; rule += 1)
    from = `SELECT *, if(bitTest(r, ${rule}), max(s${rule - 1}) OVER before, 0) AS s${rule} FROM (${from})
      WINDOW before AS (PARTITION BY g ORDER BY t, first.1, first.2 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
  const last = `s${rules - 1}`;
  return `counted AS (
    SELECT g, t, max(${last} > 0 AND t - ${last} < {span_us:Int64}) AS hit, toFloat64(if(hit, ${rules}, 0)) AS measured
    FROM (${from}) GROUP BY g, t
  )`;
}

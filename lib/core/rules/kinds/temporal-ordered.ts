import * as z from 'zod';
import { type Correlation, type Seen, type SqlNames, defineKind, peakOf } from './kind';
import { readSection, sectionOf } from './section';

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
  parse: (written, rules, document) => {
    const section = Section.parse(written);
    const read = readSection(section, rules, document);
    return { type: section.type, ...read, conditions: [{ op: 'gte', value: read.rules.length }] };
  },
  shape: ({ rules }) => rules.length,
  sql: ([{ rules }], names) => ({ ctes: orderedSql(rules.length, names) }),
  meaning: ({ rules: { length } }) => ({
    measure: (window) => {
      // a sequence ends with the last time of the window, or another window is the one that it ends
      const last = window.at(-1)?.t ?? 0;
      const isHit = window.some(
        (seen, index) => seen.t === last && endsSequence(window.slice(0, index + 1), length - 1),
      );
      return { measured: isHit ? length : 0, isHit };
    },
  }),
  needs: ({ rules: { length } }) => ({ records: length, rules: length }),
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

/** `s0`, `s1` …: of a sequence of the first rules that ends at a record, the latest time that it can begin. 0 where none ends there. */
function orderedSql(rules: number, { seen, counted, as, span }: SqlNames): string {
  let from = `SELECT g, t, r, first, if(bitTest(r, 0), t, 0) AS s0 FROM ${seen}`;
  for (let rule = 1; rule < rules; rule += 1)
    from = `SELECT *, if(bitTest(r, ${rule}), max(s${rule - 1}) OVER before, 0) AS s${rule} FROM (${from})
      WINDOW before AS (PARTITION BY g ORDER BY t, first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
  const last = `s${rules - 1}`;
  return `${counted} ${as} (
    SELECT g, t, max(${last} > 0 AND t - ${last} < ${span}) AS hit, toFloat64(if(hit, ${rules}, 0)) AS measured, toUInt8(0) AS severity
    FROM (${from}) GROUP BY g, t
  )`;
}

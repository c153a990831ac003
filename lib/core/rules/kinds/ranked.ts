import * as z from 'zod';
import type { ColumnName } from '../columns';
import { numberOf } from '../matches';
import { type Correlation, ONE_RECORD, comparedBy, defineKind, peakOf } from './kind';
import { BOUNDS, holds, readConditions, readNumberField, readSection, sectionOf } from './section';
import { eachConditionSql } from './windows-sql';

/**
 * A percentile of a field of numbers in a sliding window, over the records that state it: the value so far up in their order, with what lies between two
 * of them taken in proportion, as SQL's PERCENTILE_CONT. The median is the 50th.
 */
type Ranked = Correlation & { type: 'value_percentile' | 'value_median'; field: ColumnName; percentile: number };

const Percentile = z.strictObject({ ...BOUNDS, field: z.string(), percentile: z.number().min(0).max(100) });
const Median = z.strictObject({ ...BOUNDS, field: z.string() });

export function ranked(type: Ranked['type']) {
  const Section = type === 'value_median' ? sectionOf(type, Median) : sectionOf(type, Percentile);
  return defineKind<Ranked>({
    type,
    schema: Section,
    parse: (written, rules, document) => {
      const section = Section.parse(written);
      const {
        field,
        percentile = 50,
        ...bounds
      }: z.output<typeof Median> & { percentile?: number } = section.condition;
      const conditions = readConditions(bounds, false, document);
      const read = readSection(section, rules, document);
      if (!frameOf(read.timespanMs * 1000))
        document.refuse(
          ['correlation', 'timespan'],
          'is too long for a percentile; of whole minutes or hours it may be',
        );
      return {
        type,
        ...read,
        conditions,
        field: readNumberField(field, document),
        percentile,
      };
    },
    shape: ({ percentile, timespanMs, conditions }) => [percentile, timespanMs, comparedBy({ conditions })],
    sql: (correlations, { seen, counted, as, each }) => {
      const [{ percentile, timespanMs }] = correlations;
      // a level and a frame have to be literals: numbers that were read as such
      const { at, length } = frameOf(timespanMs * 1000) ?? unreachable(timespanMs);
      const frame = `PARTITION BY g ORDER BY ${at} RANGE BETWEEN ${length} PRECEDING AND CURRENT ROW`;
      const quantile = `quantileExactInclusive(${percentile / 100})(v) OVER (${frame})`;
      return {
        ctes: `${counted} ${as} (
    SELECT g, t, any(q) AS measured, ${eachConditionSql(correlations, 'measured', (values) => each(values, 'Float64'))} AS hit, toUInt8(0) AS severity
    FROM (SELECT g, t, ${quantile} AS q FROM ${seen}) GROUP BY g, t
  )`,
      };
    },
    value: ({ field }) => ({ sql: `toFloat64(${field})`, columns: [field], stated: `${field} != 0` }),
    meaning: ({ field, percentile, conditions }) => ({
      measure: (window) => {
        const values = window.map(({ event }) => numberOf(event, field));
        const measured = percentileOf(values, percentile / 100);
        return { measured, isHit: holds(conditions, measured) };
      },
      isStated: (event) => numberOf(event, field) !== 0,
    }),
    needs: () => ONE_RECORD,
    measuresOf: peakOf,
  });
}

function percentileOf(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = level * (sorted.length - 1) + 1;
  const below = Math.floor(place);
  const [low = 0, high = low] = sorted.slice(below - 1, below + 1);
  return low + (place - below) * (high - low);
}

/** Lengths that the engine takes of a frame are below this. */
const MOST_LENGTH = 2 ** 31;
/** In the middle of all times of the lake, so that each is a whole number of a double away from it. */
const MIDDLE_US = 4_000_000_000_000_000;

/** `t` in a unit in which a length in microseconds is a number the engine takes: a power of two of them, so that nothing is lost. Null where there is none. */
function frameOf(lengthUs: number): { at: string; length: number } | null {
  let [length, unit] = [lengthUs, 1];
  for (; length >= MOST_LENGTH && length % 2 === 0; length /= 2) unit *= 2;
  return length < MOST_LENGTH ? { at: `toFloat64(t - ${MIDDLE_US}) / ${unit}`, length } : null;
}

function unreachable(timespanMs: number): never {
  throw new RangeError(`a timespan of ${timespanMs} ms was not refused when it was read`);
}

import * as z from 'zod';
import type { RuleDocument } from '../documents';
import { LEVELS, type Level } from '../rule';
import { baselineMeaning } from './baseline-oracle';
import { baselineSql } from './baseline-sql';
import { type Baseline, type Excess, OVER, type Over } from './baseline-over';
import { EVERY_RECORD, allButRecords, defineExtension, peakOf, severityOf } from './kind';
import { History, least, readPast } from './past';
import { BOUNDS, readConditions } from './section';

/** Of a percentile, so that no more are held at once. */
const MOST_WINDOWS = 100_000;

const Bounds = z.strictObject(BOUNDS);
const EXCESS = {
  ratio: Bounds,
  cold: z.strictObject({ condition: Bounds.optional(), share: Bounds.optional() }).optional(),
};
const Case = z.strictObject({ ...EXCESS, ratio: Bounds.optional() });
const Attribute = z.strictObject({
  history: History,
  of: z
    .union(
      [z.literal('rate'), z.strictObject({ percentile: z.number().min(0).max(100) })],
      'must be rate, or a percentile from 0 to 100',
    )
    .default('rate'),
  'at-least': z.number().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  warm: z.strictObject({ records: least.default(1), windows: least.default(1) }).default({ records: 1, windows: 1 }),
  instant: z.enum(['cold', 'pass']).default('cold'),
  ...EXCESS,
  levels: z.partialRecord(z.enum(LEVELS), Case).optional(),
});

const Section = z.object({
  type: z.enum(Object.keys(OVER) as [Over, ...Over[]], 'a baseline is of event_count, value_count or value_sum'), // its own keys
  aliases: z.unknown().optional(),
});
const Whole = z.object({ baseline: Attribute, level: z.enum(LEVELS).optional() });

export const baseline = defineExtension<Baseline>({
  type: 'baseline',
  attribute: Attribute,
  parse: (written, rules, document) => {
    const { refuse } = document;
    const section = Section.safeParse(written);
    if (!section.success) return refuse(['correlation', 'type'], section.error.issues[0]?.message ?? 'has no baseline');
    const { baseline: said, level } = Whole.parse(written);
    const { type } = section.data;
    const { baseline: _, level: __, ...plain } = written as Record<string, unknown>; // a section and what narrows it, as their schemas took them
    const over = { ...OVER[type].parse(plain, rules, document), type };
    const past = readPast('baseline', said.history, section.data, over, document);
    if (said.of === 'rate' && type === 'value_count')
      refuse(['baseline', 'of'], 'different values have no rate; give a percentile', 'key');
    if (said.of !== 'rate' && (past.lengthMs ?? 0) / over.timespanMs > MOST_WINDOWS)
      refuse(['baseline', 'history'], `must be no longer than ${MOST_WINDOWS} timespans`);
    const levels = readLevels(said.levels ?? {}, document);
    if (levels.length > 0 && !level)
      refuse(['baseline', 'levels'], 'need the level of the rule, for what none of them holds of', 'key');
    return {
      ...over,
      type: 'baseline',
      over,
      past,
      history: said.history,
      of: said.of,
      atLeast: said['at-least'],
      warm: said.warm,
      instant: said.instant,
      excess: readExcess(said, ['baseline'], document),
      levels,
      severity: levels.length > 0 && level ? severityOf(level) : 0,
    };
  },
  shape: (correlation) => {
    const { over, ...rest }: Baseline & Partial<Record<'field' | 'fields', unknown>> = correlation;
    // what is added up or told apart is taken of the records
    const { field: _, fields: __, ...own } = rest;
    return [over.type, allButRecords(own)];
  },
  sql: baselineSql,
  value: ({ over }) => OVER[over.type].value?.(over) ?? EVERY_RECORD,
  meaning: baselineMeaning,
  needs: ({ over, excess, warm }) => ({
    ...OVER[over.type].needs(over),
    // one that tells cold windows takes those of groups that are hardly known as well
    ...(!excess.cold && warm.records > 0 && { before: { records: warm.records, isFirst: false } }),
  }),
  measuresOf: (correlation, measured) => {
    const { against = -1, peak = 0 } = measured;
    const { history, atLeast } = correlation;
    const ratio = against > 0 ? peak / Math.max(against, atLeast) : null;
    return {
      ...peakOf(correlation, measured),
      baseline: { of: correlation.over.type, history, perWindow: against < 0 ? null : against, ratio },
    };
  },
});

function readLevels(levels: Partial<Record<Level, z.output<typeof Case>>>, document: RuleDocument): Baseline['levels'] {
  return LEVELS.flatMap((level) => {
    const one = levels[level];
    if (!one) return [];
    if (!one.ratio && !one.cold) document.refuse(['baseline', 'levels', level], 'must hold a ratio or cold');
    return [{ severity: severityOf(level), excess: readExcess(one, ['baseline', 'levels', level], document) }];
  });
}

function readExcess({ ratio, cold }: z.output<typeof Case>, path: readonly string[], document: RuleDocument): Excess {
  if (cold && !cold.condition && !cold.share) document.refuse([...path, 'cold'], 'must hold a condition or a share');
  return {
    ratio: ratio ? readConditions(ratio, false, document, [...path, 'ratio']) : null,
    cold: cold
      ? {
          measured: cold.condition
            ? readConditions(cold.condition, false, document, [...path, 'cold', 'condition'])
            : [],
          share: cold.share ? readConditions(cold.share, false, document, [...path, 'cold', 'share']) : [],
        }
      : null,
  };
}

import * as z from 'zod';

/** What rules of each kind measure in a window of their timespan, said where a finding shows it. Apart from the kinds: pages show it, and run no rules. */
export const MEASURED = {
  baseline: 'Most, against its history,',
  event_count: 'Most events',
  new_terms: 'Most of a new term',
  temporal: 'Most of its rules',
  temporal_ordered: 'Most of its rules in order',
  value_avg: 'Highest average',
  value_count: 'Most values',
  value_median: 'Highest median',
  value_percentile: 'Highest percentile',
  value_sum: 'Highest sum',
} as const;
export type KindType = keyof typeof MEASURED;

/** What a finding of a rule states besides its records: the most that was measured in one window, and the threshold it is compared with. */
export const Measures = z.object({
  kind: z.enum(Object.keys(MEASURED) as [KindType, ...KindType[]]), // its own keys
  count: z.number(),
  threshold: z.number(),
  /** Of rules that hold a window against its history, of the window that most was measured in. */
  baseline: z
    .object({
      /** What of the records is measured. */
      of: z.enum(['event_count', 'value_count', 'value_sum']),
      /** How far back, as written, or `all`. */
      history: z.string(),
      /** What the history has in a window's length: its rate, or the percentile that the rule names. Null of one too short to tell. */
      perWindow: z.number().nullable(),
      /** `count` by that, or by the least that the rule lets it count as. Null where there is none, or nothing to divide by. */
      ratio: z.number().nullable(),
    })
    .optional(),
  timespan: z.string(),
  /** The name of the rule of the file that found it by itself (`generate: true`); not there where it is the rule of the file. */
  rule: z.string().optional(),
});
export type Measures = z.infer<typeof Measures>;

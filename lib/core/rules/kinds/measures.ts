import * as z from 'zod';

/** Of an `event_count`; `count` is the most matches in one window of the timespan. */
export const EventCountMeasures = z.object({
  kind: z.literal('event_count'),
  count: z.number().int(),
  threshold: z.number().int(),
  timespan: z.string(),
});

/** What findings state besides their records, one of a kind of rule. Apart from the kinds: pages show it, and run no rules. */
export const MEASURES = [EventCountMeasures] as const;
export type Measures = z.infer<(typeof MEASURES)[number]>;

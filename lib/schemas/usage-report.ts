import * as z from 'zod';
import { Decision, Instant, Period } from './common';
import { DefinitionAsRun } from './report-definitions';

const Count = z.number().int().min(0);
/** US dollars in decimals, exact to the billionth that a record is counted with. */
const Dollars = z.string().regex(/^-?\d+(\.\d{1,9})?$/);

export const UsageCounts = z.object({
  /** Distinct ones: a session may be in several rows, so these are no parts of a sum. */
  sessions: Count,
  records: Count,
  /** Those of kind `request`: calls of a model. */
  requests: Count,
  decisions: z.partialRecord(Decision, Count),
  inputTokens: Count,
  outputTokens: Count,
  costUsd: Dollars,
});
export type UsageCounts = z.infer<typeof UsageCounts>;

/** By one column: the values with most records, at most 200, those beyond together, and all of them. An empty value is of records that state none. */
const UsageBy = z.object({
  values: z.array(UsageCounts.extend({ value: z.string() })),
  more: UsageCounts.omit({ sessions: true }).extend({ values: Count }),
});
export type UsageBy = z.infer<typeof UsageBy>;

/** Who used what in a period: every count but that of sessions is the sum of its rows, and of those of `usage.csv`. */
export const UsageReport = z.object({
  kind: z.literal('usage'),
  definition: DefinitionAsRun.pick({ name: true, scope: true, timeZone: true }),
  period: Period,
  generatedAt: Instant,
  totals: UsageCounts,
  agents: UsageBy,
  models: UsageBy,
  tools: UsageBy,
});
export type UsageReport = z.infer<typeof UsageReport>;

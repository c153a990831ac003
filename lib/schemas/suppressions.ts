import * as z from 'zod';
import { Instant, Millisecond, PageQuery, Period, Sha256, page, someOf, sortBy } from './common';
import { Finding } from './findings';
import { RuleText } from './rules';
import { WrittenText } from './triage';

/** From its making to its expiry at most, and as far back as is looked. */
export const MOST_SUPPRESSED_DAYS = 366;

/** In force; ended by somebody before its time; or at its end. */
export const SuppressionState = z.enum(['active', 'ended', 'expired']);
export type SuppressionState = z.infer<typeof SuppressionState>;

/** A Sigma filter that hides findings of some rules until it expires. It is kept as it is: a version that replaces it is another. */
export const Suppression = z.object({
  id: z.uuid(),
  /** 1, or one more than that of what it replaces. */
  version: z.number().int(),
  replacesId: z.uuid().nullable(),
  /** The version that replaced it. */
  replacedById: z.uuid().nullable(),
  /** As the filter has it. */
  title: z.string(),
  reason: z.string(),
  /** The Sigma filter. */
  yaml: z.string(),
  /** SHA-256 of it. */
  digest: Sha256,
  /** By their titles as they are now; by the id where there is no such rule any more. */
  rules: z.array(z.object({ id: z.string(), title: z.string() })),
  state: SuppressionState,
  createdAt: Instant,
  createdBy: z.string(),
  expiresAt: Instant,
  /** Null of one that was not ended before it expired. */
  ended: z.object({ at: Instant, by: z.string() }).nullable(),
  /** Findings that it hides now. */
  hides: z.number().int(),
  /** Findings that stand which its filter leaves too few records of, or left when it ended, whatever became of them. */
  matches: z.number().int(),
});
export type Suppression = z.infer<typeof Suppression>;
export const SuppressionPage = page(Suppression);
export const SuppressionSort = sortBy(['created', 'title', 'state', 'hides', 'ends']);
export type SuppressionSort = z.infer<typeof SuppressionSort>;
export const SuppressionsQuery = PageQuery.extend({
  state: someOf(SuppressionState.options).optional(),
  /** Newest first, unless another is asked for. */
  sort: SuppressionSort.optional(),
});
export const SuppressionParams = z.object({ suppressionId: z.uuid() });

export const NewSuppression = z.object({
  /** A Sigma filter that names its rules; what is to be hidden is written `condition: not selection`. */
  yaml: RuleText,
  reason: WrittenText,
  /** In the future, and at most 366 days away. */
  expiresAt: Millisecond,
  /** The suppression it is the next version of, which ends. */
  replacesId: z.uuid().optional(),
});
export type NewSuppression = z.output<typeof NewSuppression>;

export const SuppressionPreviewRequest = z.object({
  yaml: RuleText,
  days: z.number().int().min(1).max(MOST_SUPPRESSED_DAYS).default(30),
});

const Previewed = Finding.pick({
  id: true,
  ruleId: true,
  title: true,
  level: true,
  status: true,
  verdict: true,
  group: true,
  windowFrom: true,
  recordCount: true,
}).extend({
  /** How many of the records it lists the filter leaves out. */
  leftOut: z.number().int(),
});
/** What a filter would have hidden. */
export const SuppressionPreview = z.object({
  period: Period,
  title: z.string(),
  rules: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Findings of its rules in the period, and those of them that it would have hidden, whatever was decided about them. */
  examined: z.number().int(),
  findings: z.number().int(),
  /** The newest of these. */
  items: z.array(Previewed),
  /** Findings of any time, confirmed as true positives, that it would have hidden; the newest 50. With one of them it is not kept. */
  confirmed: z.array(Previewed),
});
export type SuppressionPreview = z.infer<typeof SuppressionPreview>;

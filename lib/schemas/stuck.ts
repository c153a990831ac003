import * as z from 'zod';
import { Instant } from './common';

/** Work that failed every time it was tried so far. It is tried again by itself, less and less often; others do not wait for it. */
export const StuckJob = z.object({
  id: z.uuid(),
  kind: z.string(),
  /** What it does, in words. */
  what: z.string(),
  chainId: z.uuid().nullable(),
  chain: z.string().nullable(),
  /** Why it fails, in words. */
  cause: z.string(),
  attempts: z.number().int(),
  since: Instant,
  lastTriedAt: Instant,
  nextTryAt: Instant,
});
export type StuckJob = z.infer<typeof StuckJob>;

/** The oldest 500; `total` counts all. */
export const StuckJobs = z.object({ items: z.array(StuckJob), total: z.number().int() });
/** Which to try again at once: one, those of a chain, or all. */
export const RetryStuck = z.strictObject({ id: z.uuid().optional(), chainId: z.uuid().optional() });
export const Retried = z.object({ retried: z.number().int() });

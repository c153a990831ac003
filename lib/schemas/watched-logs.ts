import * as z from 'zod';
import { Instant } from './common';

/** A log that a worker follows itself. */
export const WatchedLog = z.object({
  host: z.string(),
  log: z.string(),
  chain: z.string(),
  /** Null until something was appended. */
  chainId: z.uuid().nullable(),
  phase: z.enum(['live', 'waiting', 'stopped']),
  /** Why it waits or stopped. */
  message: z.string().nullable(),
  lagBytes: z.number().int(),
  seenAt: Instant,
});
export type WatchedLog = z.infer<typeof WatchedLog>;

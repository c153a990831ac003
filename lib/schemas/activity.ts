import * as z from 'zod';
import { Instant, PageQuery, RequestedInstant, RequestedText, Sha256, page } from './common';

/** An action, as its line in the chain of actions has it. */
export const ActivityLine = z.object({
  /** From 1: the line's place in the chain. */
  seq: z.number().int(),
  at: Instant,
  action: z.string(),
  actor: z.object({ kind: z.enum(['person', 'token', 'system']), id: z.string(), name: z.string(), role: z.string() }),
  subject: z.object({ type: z.string(), id: z.string() }),
  /** Ids, digests, counts and words; never what a log holds, what a person wrote, or a secret. */
  details: z.record(z.string(), z.unknown()),
  hash: Sha256,
  /** 0-based ordinal of its record in the chain in evidence; null until it is carried there. */
  record: z.number().int().nullable(),
});
export type ActivityLine = z.infer<typeof ActivityLine>;

/** What a list of actions is narrowed by. */
const Narrowed = z.object({
  /** Part of the name of who acted, or their id. */
  actor: RequestedText.optional(),
  /** An action, as `chain.seal`, or the beginning of some, as `chain.`. */
  action: RequestedText.optional(),
  /** What it was done to: a kind of thing, or an id. */
  subject: RequestedText.optional(),
  from: RequestedInstant.optional(),
  to: RequestedInstant.optional(),
});
export type ActivityNarrowed = z.output<typeof Narrowed>;
export const ActivityQuery = PageQuery.extend(Narrowed.shape);
export const ActivityCsvQuery = Narrowed.extend({ bom: z.stringbool().default(false) });
export const ActivityPage = page(ActivityLine);

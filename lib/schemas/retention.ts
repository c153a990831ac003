import * as z from 'zod';
import { ChainVerdict, Instant, PageQuery, Sha256, page, someOf } from './common';

/** Days from the last of a chain that was received; null for ever. */
const KeepDays = z.number().int().min(1).max(36_500).nullable();
/** At least the six months that Articles 19 and 26(6) of the EU AI Act ask for: what holds until somebody says otherwise. */
export const FIRST_KEEP_DAYS = 184;

export const RetentionPolicy = z.object({
  keepDays: KeepDays,
  /** Whether it is the chain's own, or that of all chains without one. */
  isOwn: z.boolean(),
  setBy: z.string().nullable(),
  setAt: Instant.nullable(),
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;
export const NewRetentionPolicy = z.strictObject({ keepDays: KeepDays });

export const LegalHold = z.object({
  id: z.uuid(),
  chainId: z.uuid(),
  reason: z.string(),
  placedBy: z.string(),
  placedAt: Instant,
  liftedBy: z.string().nullable(),
  liftedAt: Instant.nullable(),
});
export type LegalHold = z.infer<typeof LegalHold>;
export const NewLegalHold = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export const LegalHolds = z.object({ items: z.array(LegalHold) });

/** What stands between a chain and its deletion, the first of these that applies; `deletable` when nothing does. */
const RETENTION_STATES = [
  'deleted',
  'deleting',
  'held',
  'for-ever',
  'kept',
  'not-sealed',
  'working',
  'damaged',
  'deletable',
] as const;
export const RetentionState = z.enum(RETENTION_STATES);
export type RetentionState = z.infer<typeof RetentionState>;

export const ChainRetention = z.object({
  chainId: z.uuid(),
  chain: z.string(),
  verdict: ChainVerdict,
  records: z.number().int(),
  bytes: z.number().int(),
  head: z.string().nullable(),
  state: RetentionState,
  keepDays: KeepDays,
  /** Whether `keepDays` is the chain's own. */
  isOwn: z.boolean(),
  /** When the last of it was received. */
  receivedUntil: Instant,
  /** When its retention ends, or has ended; null when it is kept for ever. */
  endsAt: Instant.nullable(),
  /** Legal holds in force. */
  holds: z.number().int(),
  deletion: z
    .object({
      requestedBy: z.string(),
      requestedAt: Instant,
      /** Why it was not done yet, or was given up; null when nothing is wrong. */
      failure: z.string().nullable(),
      /** It was given up, and can be asked for again. */
      failed: z.boolean(),
      deletedAt: Instant.nullable(),
      /** The bundle that says what was deleted. */
      tombstoneSha256: Sha256.nullable(),
    })
    .nullable(),
});
export type ChainRetention = z.infer<typeof ChainRetention>;

const Days = z.union([z.literal('for-ever').transform(() => null), z.coerce.number().int().min(1).max(36_500)]);
export const RetentionQuery = PageQuery.extend({
  state: someOf(RETENTION_STATES).optional(),
  /** What a policy of so many days, or `for-ever`, would make of chains without one of their own. */
  keepDays: Days.optional(),
});
/** Chains with what stands between them and their deletion, the newest first, and how many of them and of their records and bytes are in which state. */
export const RetentionPage = page(ChainRetention).extend({
  policy: RetentionPolicy,
  states: z.array(
    z.object({
      state: RetentionState,
      chains: z.number().int(),
      records: z.number().int(),
      bytes: z.number().int(),
    }),
  ),
});
export type RetentionPage = z.infer<typeof RetentionPage>;

/** What whoever asks saw of the chain: another one is not deleted. */
export const NewDeletion = z.strictObject({ head: z.string().nullable(), records: z.number().int().min(0) });

import * as z from 'zod';
import { KNOWN_COMPANIONS } from '#known';
import { AFTER_FROM, Instant, Millisecond, SomeChains, isInOrder, page } from './common';

const Ordinal = z.number().int().min(0);
/** As a log names a session or run: text any store and any JSON can hold. */
const RecordedId = z
  .string()
  .min(1)
  .max(500)
  .refine((id) => id.isWellFormed() && !id.includes('\0'), { message: 'must be text without NUL' });

/** What of a chain, or of several, an attestation covers. */
export const ChainScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chain') }),
  /** Ordinals, both included. */
  z
    .object({ kind: z.literal('range'), first: Ordinal, last: Ordinal })
    .refine(({ first, last }) => first <= last, { message: 'must not be before first', path: ['last'] }),
  z.object({ kind: z.literal('session'), session: RecordedId }),
  z.object({ kind: z.literal('run'), run: RecordedId }),
]);
export type ChainScope = z.infer<typeof ChainScope>;

/** Half-open, by the time records state; of all chains unless some are named. */
export const PeriodScope = z
  .object({ kind: z.literal('period'), from: Millisecond, to: Millisecond, chainIds: SomeChains })
  .refine(isInOrder, AFTER_FROM);
export type PeriodScope = z.infer<typeof PeriodScope>;
export type Scope = ChainScope | PeriodScope;

/** Statements made beside our own, for tools that know nothing of chains. */
export const CompanionPredicate = z.enum(KNOWN_COMPANIONS.map(({ id }) => id));
export type CompanionPredicate = z.infer<typeof CompanionPredicate>;

export const RequestCause = z.enum(['close', 'records', 'minutes', 'seal', 'demand']);
export type RequestCause = z.infer<typeof RequestCause>;
/** `waiting` until signed; `failed` when it cannot be; `passed` when the chain went on before it was signed. */
export const RequestState = z.enum(['waiting', 'done', 'failed', 'passed']);
export type RequestState = z.infer<typeof RequestState>;

export const AttestationRequest = z.object({
  id: z.uuid(),
  chainId: z.uuid().nullable(),
  chain: z.string().nullable(),
  scope: z.union([ChainScope, PeriodScope]),
  cause: RequestCause,
  requestedBy: z.string(),
  requestedAt: Instant,
  state: RequestState,
  attempts: z.number().int(),
  /** Null unless it waits. */
  nextTryAt: Instant.nullable(),
  /** Why it is not signed yet, or cannot be. */
  failure: z.string().nullable(),
  failedAt: Instant.nullable(),
  attestationId: z.uuid().nullable(),
});
export type AttestationRequest = z.infer<typeof AttestationRequest>;
export const AttestationRequestPage = page(AttestationRequest);

/** When a chain is attested without anybody asking. */
export const AttestationPolicy = z.object({
  /** Every time a segment is closed or an upload changes the chain. */
  onClose: z.boolean(),
  onSeal: z.boolean(),
  /** As soon as so many records are under no attestation; an open segment is closed for it. */
  everyRecords: z.number().int().min(1).max(1_000_000_000).nullable(),
  /** When the oldest record under no attestation is so old. */
  everyMinutes: z.number().int().min(1).max(525_600).nullable(),
  predicates: z
    .array(CompanionPredicate)
    .max(CompanionPredicate.options.length)
    .transform((list) => [...new Set(list)])
    .meta({ json: { type: 'array', items: { type: 'string', enum: CompanionPredicate.options } } }),
  /** A record that is not attested for longer raises an alert. */
  alertAfterMinutes: z.number().int().min(1).max(525_600).nullable(),
});
export type AttestationPolicy = z.infer<typeof AttestationPolicy>;

export const ChainAttestationPolicy = AttestationPolicy.extend({
  /** False: the installation's. */
  isOwn: z.boolean(),
  changedBy: z.string().nullable(),
  changedAt: Instant.nullable(),
});
export type ChainAttestationPolicy = z.infer<typeof ChainAttestationPolicy>;

/** How much of a chain is under an attestation that is signed and not withdrawn. */
export const Coverage = z.object({
  records: z.number().int(),
  attestedRecords: z.number().int(),
  /** 0 to 1; 1 for an empty chain. */
  share: z.number(),
  oldestUncovered: z.object({ ordinal: z.number().int(), receivedAt: Instant }).nullable(),
  /** The oldest uncovered record is older than the policy allows. */
  isOverdue: z.boolean(),
  waiting: z.number().int(),
  failed: z.number().int(),
});
export type Coverage = z.infer<typeof Coverage>;

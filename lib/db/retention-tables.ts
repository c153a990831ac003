import type { Generated } from 'kysely';

/** For how long chains are kept: a row each, and one without a chain for all others. */
export type RetentionPoliciesTable = {
  chain_id: string | null;
  /** Days from the last of it that was received; null for ever. */
  keep_days: number | null;
  set_by: string;
  set_at: Date;
};

/** What keeps a chain from being deleted, whatever its policy says. Rows are never deleted, only lifted. */
export type LegalHoldsTable = {
  id: Generated<string>;
  chain_id: string;
  reason: string;
  placed_by: string;
  placed_at: Date;
  lifted_by: string | null;
  lifted_at: Date | null;
};

/** Chains that are to be deleted, and those that were. From its tombstone on the bytes of a chain are given out no more. */
export type ChainDeletionsTable = {
  id: Generated<string>;
  chain_id: string;
  state: Generated<'waiting' | 'done' | 'failed'>;
  attempts: Generated<number>;
  next_try_at: Date;
  failure: string | null;
  requested_by: string;
  requested_by_id: string;
  requested_at: Date;
  /** SHA-256 of the bundle that says what was deleted. */
  tombstone_digest: string | null;
  tombstone_bytes: number | null;
  deleted_at: Date | null;
  /** Who signed it, as of an attestation. */
  key_hint: string | null;
  signed_by: string | null;
  signed_by_issuer: string | null;
};

/** Objects that the tombstone of a chain names. */
export type DeletedObjectsTable = {
  chain_id: string;
  digest: string;
  kind: 'segment' | 'sidecar' | 'archive';
};

import type { ColumnType, Generated } from 'kysely';
import type { StoredVerdict } from '../core/chain/verdict';
import type { CompanionPredicate, RequestCause, RequestState, Scope } from '../schemas/attestation-requests';

/** Lines of a chain: half-open ranges in its bytes, without the newline of the last line in each, and the segments they lie in. */
export type ExcerptPlace = {
  ranges: { from: number; to: number }[];
  segments: { digest: string; byte_offset: number; size_bytes: number }[];
  sizeBytes: number;
};

/** One act of attesting: what it covers and its first bundle. Never deleted; withdrawn with a reason. */
export type AttestationsTable = {
  id: Generated<string>;
  /** Null when it covers several chains: `attestation_chains` has them all. */
  chain_id: string | null;
  generation: number;
  verdict: StoredVerdict;
  predicate_type: string;
  subjects: ColumnType<{ name: string; sha256: string }[], string, string>;
  first_record: number;
  last_record: number;
  records: number;
  /** Null when a certificate stands for the key. */
  key_hint: string | null;
  signer: string;
  /** Evidence object that holds the bundle. */
  bundle_digest: string;
  bundle_size_bytes: number;
  requested_by: string;
  signed_at: Date;
  request_id: string | null;
  scope: ColumnType<Scope, string, string>;
  /** The chain's Merkle tree when it was attested: number of records, and lower-case hex. */
  tree_size: number | null;
  tree_root: string | null;
  /** Identity of the certificate; null for a key. */
  signed_by: string | null;
  /** OIDC issuer that vouched for it; null for a key, and where it was not taken down. */
  signed_by_issuer: string | null;
  /** Of part of a chain, where its bytes lie; null of a whole one, of those attested before this was kept, and where there are too many ranges to keep. */
  excerpt: ColumnType<ExcerptPlace | null, string | null, string | null>;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
  withdrawn_reason: string | null;
  superseded_by: string | null;
};
export type AttestationSegmentsTable = {
  attestation_id: string;
  digest: string;
  /** False when only some of its records are covered. */
  whole: Generated<boolean>;
};
export type AttestationChainsTable = {
  attestation_id: string;
  chain_id: string;
  verdict: StoredVerdict;
  first_record: number;
  last_record: number;
  records: number;
};
/** The bundles of an attestation in order; the first is ours, the others say the same to other tools. */
export type AttestationBundlesTable = {
  attestation_id: string;
  n: number;
  predicate_type: string;
  digest: string;
  size_bytes: number;
};

/** What was asked to be attested. It waits until it is signed, however long the signing service is away. */
export type AttestationRequestsTable = {
  id: Generated<string>;
  dedupe_key: string | null;
  chain_id: string | null;
  generation: number | null;
  scope: ColumnType<Scope, string, string>;
  cause: RequestCause;
  requested_by: string;
  requested_at: Date;
  state: Generated<RequestState>;
  attempts: Generated<number>;
  next_try_at: Date;
  failure: string | null;
  failed_at: Date | null;
  /** Attestation that is to be replaced. */
  supersedes: string | null;
  attestation_id: string | null;
};

export type AttestationPoliciesTable = {
  chain_id: string | null;
  on_close: boolean;
  on_seal: boolean;
  every_records: number | null;
  every_minutes: number | null;
  predicates: CompanionPredicate[];
  alert_after_minutes: number | null;
  changed_by: string;
  changed_at: Date;
};

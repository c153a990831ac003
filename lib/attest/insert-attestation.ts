import 'server-only';
import type { Bundle } from '@sigstore/bundle';
import type { Selectable } from 'kysely';
import type { Statement } from '../core/statements/statement';
import type { AttestationRequestsTable } from '../db/attestation-tables';
import type { Tx } from '../db/database';
import { insertAll } from '../db/insert-all';
import type { StoredObject } from '../evidence/store';
import type { Drafted } from './draft';
import type { SignedBy } from '../db/signed-by';

export type SignedStatement = { statement: Statement; bundle: Bundle; stored: StoredObject };

/** What a request came to. `first` is the first of `bundles`: the one the attestation goes by. */
export type SignedAttestation = {
  id: string;
  /** Kind of the signer. */
  signer: string;
  signedBy: SignedBy;
  signedAt: Date;
  first: SignedStatement;
  bundles: readonly SignedStatement[];
};

/** Writes an attestation with its bundles, and the chains and segments it covers. */
export async function insertAttestation(
  tx: Tx,
  request: Selectable<AttestationRequestsTable>,
  drafted: Drafted,
  { id, signer, signedBy, signedAt, first, bundles }: SignedAttestation,
): Promise<void> {
  await tx
    .insertInto('attestations')
    .values({
      id,
      chain_id: request.chain_id,
      generation: drafted.generation,
      verdict: drafted.verdict,
      predicate_type: first.statement.predicateType,
      subjects: JSON.stringify(
        first.statement.subject.map(({ name, digest }) => ({ name: name ?? '', sha256: digest.sha256 ?? '' })),
      ),
      first_record: drafted.covered.first,
      last_record: drafted.covered.last,
      records: drafted.covered.count,
      signer,
      ...signedBy,
      bundle_digest: first.stored.digest,
      bundle_size_bytes: first.stored.sizeBytes,
      requested_by: request.requested_by,
      signed_at: signedAt,
      request_id: request.id,
      scope: JSON.stringify(request.scope),
      excerpt: drafted.excerpt && JSON.stringify(drafted.excerpt),
      tree_size: drafted.tree?.size ?? null,
      tree_root: drafted.tree?.rootHash ?? null,
    })
    .execute();
  await tx
    .insertInto('attestation_bundles')
    .values(
      bundles.map(({ statement, stored }, n) => ({
        attestation_id: id,
        n,
        predicate_type: statement.predicateType,
        digest: stored.digest,
        size_bytes: stored.sizeBytes,
      })),
    )
    .execute();
  await tx
    .insertInto('attestation_chains')
    .values(
      drafted.chains.map(({ chainId, verdict, first: from, last, count }) => ({
        attestation_id: id,
        chain_id: chainId,
        verdict,
        first_record: from,
        last_record: last,
        records: count,
      })),
    )
    .execute();
  // A chain may hold the same bytes twice.
  const segments = new Map(drafted.segments.map((segment) => [segment.digest, { attestation_id: id, ...segment }]));
  await insertAll(tx, 'attestation_segments', [...segments.values()]);
}

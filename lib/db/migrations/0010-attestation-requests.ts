import { type Kysely, sql } from 'kysely';

/** What asks for attestations, what each covers, and every bundle of one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE attestation_requests (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      -- Of requests for the same thing by the same policy a single one is kept.
      dedupe_key text UNIQUE,
      chain_id uuid REFERENCES chains,
      generation int,
      scope jsonb NOT NULL,
      cause text NOT NULL,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL,
      state text NOT NULL DEFAULT 'waiting',
      attempts int NOT NULL DEFAULT 0,
      next_try_at timestamptz NOT NULL,
      failure text,
      failed_at timestamptz,
      supersedes uuid,
      attestation_id uuid
    )`.execute(db);
  await sql`CREATE INDEX attestation_requests_waiting ON attestation_requests (next_try_at) WHERE state = 'waiting'`.execute(
    db,
  );
  await sql`CREATE INDEX attestation_requests_chain ON attestation_requests (chain_id, id)`.execute(db);
  await sql`
    ALTER TABLE attestations
      ALTER chain_id DROP NOT NULL,
      ALTER key_hint DROP NOT NULL,
      ADD request_id uuid REFERENCES attestation_requests,
      ADD scope jsonb NOT NULL DEFAULT '{"kind": "chain"}',
      ADD tree_size bigint,
      ADD tree_root text,
      ADD signed_by text,
      ADD withdrawn_at timestamptz,
      ADD withdrawn_by text,
      ADD withdrawn_reason text,
      ADD superseded_by uuid REFERENCES attestations`.execute(db);
  // False where only some of a segment's records are covered.
  await sql`ALTER TABLE attestation_segments ADD whole boolean NOT NULL DEFAULT true`.execute(db);
  await sql`
    CREATE TABLE attestation_chains (
      attestation_id uuid NOT NULL REFERENCES attestations,
      chain_id uuid NOT NULL REFERENCES chains,
      verdict text NOT NULL,
      first_record bigint NOT NULL,
      last_record bigint NOT NULL,
      records bigint NOT NULL,
      PRIMARY KEY (attestation_id, chain_id)
    )`.execute(db);
  await sql`CREATE INDEX attestation_chains_chain ON attestation_chains (chain_id, attestation_id)`.execute(db);
  await sql`INSERT INTO attestation_chains SELECT id, chain_id, verdict, first_record, last_record, records FROM attestations`.execute(
    db,
  );
  await sql`
    CREATE TABLE attestation_bundles (
      attestation_id uuid NOT NULL REFERENCES attestations,
      n int NOT NULL,
      predicate_type text NOT NULL,
      digest text NOT NULL,
      size_bytes bigint NOT NULL,
      PRIMARY KEY (attestation_id, n)
    )`.execute(db);
  await sql`CREATE INDEX attestation_bundles_digest ON attestation_bundles (digest)`.execute(db);
  await sql`INSERT INTO attestation_bundles SELECT id, 0, predicate_type, bundle_digest, bundle_size_bytes FROM attestations`.execute(
    db,
  );
  await sql`
    CREATE TABLE attestation_policies (
      -- Null: what holds for chains without one of their own.
      chain_id uuid UNIQUE NULLS NOT DISTINCT REFERENCES chains,
      on_close boolean NOT NULL,
      on_seal boolean NOT NULL,
      every_records bigint,
      every_minutes int,
      predicates text[] NOT NULL,
      alert_after_minutes int,
      changed_by text NOT NULL,
      changed_at timestamptz NOT NULL
    )`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** How long chains are kept, what holds them, and what was deleted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE retention_policies (
      chain_id uuid UNIQUE NULLS NOT DISTINCT REFERENCES chains (id),
      keep_days int CHECK (keep_days > 0),
      set_by text NOT NULL,
      set_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE legal_holds (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL REFERENCES chains (id),
      reason text NOT NULL,
      placed_by text NOT NULL,
      placed_at timestamptz NOT NULL,
      lifted_by text,
      lifted_at timestamptz
    )`.execute(db);
  await sql`CREATE INDEX legal_holds_in_force ON legal_holds (chain_id) WHERE lifted_at IS NULL`.execute(db);
  await sql`
    CREATE TABLE chain_deletions (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL UNIQUE REFERENCES chains (id),
      state text NOT NULL DEFAULT 'waiting',
      attempts int NOT NULL DEFAULT 0,
      next_try_at timestamptz NOT NULL,
      failure text,
      requested_by text NOT NULL,
      requested_by_id text NOT NULL,
      requested_at timestamptz NOT NULL,
      tombstone_digest text,
      tombstone_bytes bigint,
      deleted_at timestamptz,
      key_hint text,
      signed_by text,
      signed_by_issuer text
    )`.execute(db);
  await sql`CREATE INDEX chain_deletions_waiting ON chain_deletions (next_try_at) WHERE state = 'waiting'`.execute(db);
  await sql`
    CREATE TABLE deleted_objects (
      chain_id uuid NOT NULL REFERENCES chains (id),
      digest text NOT NULL,
      kind text NOT NULL,
      PRIMARY KEY (chain_id, digest)
    )`.execute(db);
  await sql`CREATE INDEX deleted_objects_by_digest ON deleted_objects (digest)`.execute(db);
}

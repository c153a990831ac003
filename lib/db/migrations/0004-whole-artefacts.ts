import { type Kysely, sql } from 'kysely';

/** Archives and the files beside a log as evidence, the public keys of tools, and what the walk tells of silences. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE archives (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      digest text NOT NULL,
      size_bytes bigint NOT NULL,
      file_name text NOT NULL,
      received_by text NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
  await sql`CREATE INDEX archives_digest ON archives (digest)`.execute(db);
  await sql`ALTER TABLE uploads ADD COLUMN forked_at bigint, ADD COLUMN archive_sha256 text, ADD COLUMN archive_paths jsonb`.execute(
    db,
  );
  await sql`
    CREATE TABLE sidecars (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL REFERENCES chains,
      kind text NOT NULL,
      digest text NOT NULL,
      size_bytes bigint NOT NULL,
      file_name text NOT NULL,
      archive_sha256 text,
      received_by text NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (chain_id, kind, digest)
    )`.execute(db);
  await sql`CREATE INDEX sidecars_digest ON sidecars (digest)`.execute(db);
  await sql`
    CREATE TABLE tool_keys (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      name text NOT NULL,
      algorithm text NOT NULL,
      fingerprint text NOT NULL UNIQUE,
      public_key_pem text NOT NULL,
      added_by text NOT NULL,
      added_at timestamptz NOT NULL DEFAULT now(),
      retired_by text,
      retired_at timestamptz
    )`.execute(db);
  await sql`ALTER TABLE chains DROP COLUMN silences, ADD COLUMN time_gaps jsonb, ADD COLUMN artefacts jsonb NOT NULL DEFAULT '[]'`.execute(
    db,
  );
}

import { type Kysely, sql } from 'kysely';

/** Trees over the records of chains, and the transparency log of what was signed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE segment_trees (
      digest text NOT NULL,
      format text NOT NULL,
      phase int NOT NULL,
      records bigint NOT NULL,
      damaged boolean NOT NULL,
      head bytea NOT NULL,
      tiles bytea NOT NULL,
      tail_offset bigint NOT NULL,
      tail bytea NOT NULL,
      PRIMARY KEY (digest, format, phase)
    )`.execute(db);
  await sql`
    CREATE TABLE chain_checkpoints (
      chain_id uuid NOT NULL REFERENCES chains,
      epoch int NOT NULL,
      size bigint NOT NULL,
      root_hash bytea NOT NULL,
      note text NOT NULL,
      signed_at timestamptz NOT NULL,
      PRIMARY KEY (chain_id, epoch, size)
    )`.execute(db);
  await sql`
    CREATE TABLE log_identity (
      id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
      origin text NOT NULL,
      public_key bytea NOT NULL,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE log_entries (
      index bigint PRIMARY KEY,
      kind text NOT NULL,
      about text NOT NULL,
      entry bytea NOT NULL,
      leaf_hash bytea NOT NULL,
      appended_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX log_entries_about ON log_entries (about, index)`.execute(db);
  await sql`CREATE TABLE log_tiles (level int NOT NULL, index bigint NOT NULL, hash bytea NOT NULL, PRIMARY KEY (level, index))`.execute(
    db,
  );
  await sql`CREATE TABLE log_checkpoints (size bigint PRIMARY KEY, root_hash bytea NOT NULL, note text NOT NULL, signed_at timestamptz NOT NULL)`.execute(
    db,
  );
  await sql`
    CREATE TABLE log_witnesses (
      verifier_key text PRIMARY KEY,
      url text NOT NULL,
      size bigint NOT NULL DEFAULT 0,
      cosigned_at timestamptz,
      attempts int NOT NULL DEFAULT 0,
      next_try_at timestamptz,
      failure text,
      failed_at timestamptz
    )`.execute(db);
  await sql`
    CREATE TABLE log_cosignatures (
      size bigint NOT NULL REFERENCES log_checkpoints,
      verifier_key text NOT NULL REFERENCES log_witnesses,
      line text NOT NULL,
      cosigned_at timestamptz NOT NULL,
      PRIMARY KEY (size, verifier_key)
    )`.execute(db);
}

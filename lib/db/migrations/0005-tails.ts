import { type Kysely, sql } from 'kysely';

/** Chains that grow by appends: the open segment, its bytes and what was found in them so far; idempotent appends; sealed chains. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE tails (
      chain_id uuid PRIMARY KEY REFERENCES chains,
      version int NOT NULL,
      closed_bytes bigint NOT NULL,
      closed_records bigint NOT NULL,
      closed_lines bigint NOT NULL,
      size_bytes bigint NOT NULL,
      complete_bytes bigint NOT NULL,
      records bigint NOT NULL,
      result jsonb NOT NULL,
      opened_at timestamptz,
      appended_at timestamptz NOT NULL,
      appended_by text NOT NULL,
      loaded_bytes bigint NOT NULL,
      loaded_records bigint NOT NULL,
      loaded_lines bigint NOT NULL,
      searched_records bigint NOT NULL DEFAULT 0,
      close_wanted boolean NOT NULL DEFAULT false
    )`.execute(db);
  await sql`
    CREATE TABLE tail_pieces (
      chain_id uuid NOT NULL REFERENCES chains,
      byte_offset bigint NOT NULL,
      bytes bytea NOT NULL,
      PRIMARY KEY (chain_id, byte_offset)
    )`.execute(db);
  // Logs are read back whole and at once: compressing them costs more than it saves.
  await sql`ALTER TABLE tail_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL`.execute(db);
  await sql`
    CREATE TABLE tail_problems (
      chain_id uuid NOT NULL REFERENCES chains,
      n bigint GENERATED ALWAYS AS IDENTITY,
      code text NOT NULL,
      severity text NOT NULL,
      record bigint NOT NULL,
      line bigint NOT NULL,
      byte_offset bigint NOT NULL,
      byte_length bigint NOT NULL,
      expected text,
      found text,
      message text NOT NULL,
      PRIMARY KEY (chain_id, n)
    )`.execute(db);
  await sql`
    CREATE TABLE append_keys (
      chain_id uuid NOT NULL REFERENCES chains,
      key text NOT NULL,
      body_sha256 text NOT NULL,
      receipt jsonb NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (chain_id, key)
    )`.execute(db);
  await sql`CREATE INDEX append_keys_age ON append_keys (received_at)`.execute(db);
  await sql`ALTER TABLE chains ADD COLUMN sealed_at timestamptz, ADD COLUMN sealed_by text`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What was found altered or missing when it was read, and how far the sweep over all evidence has come. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE evidence_damage (
      -- The digest of an object, or tail:<chain id>.
      subject text PRIMARY KEY,
      kind text NOT NULL,
      noticed_at timestamptz NOT NULL,
      seen_at timestamptz NOT NULL,
      healed_at timestamptz
    )`.execute(db);
  await sql`CREATE INDEX evidence_damage_open ON evidence_damage (seen_at) WHERE healed_at IS NULL`.execute(db);
  await sql`
    CREATE TABLE evidence_sweep (
      id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
      position text NOT NULL,
      started_at timestamptz NOT NULL,
      objects bigint NOT NULL,
      bytes bigint NOT NULL,
      last_started_at timestamptz,
      last_ended_at timestamptz,
      last_objects bigint,
      last_bytes bigint,
      lease_until timestamptz NOT NULL
    )`.execute(db);
}

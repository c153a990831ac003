import { type Kysely, sql } from 'kysely';

/** A row each process that takes things in writes to find out whether a write lasts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE probes (id text PRIMARY KEY, probed_at timestamptz NOT NULL)`.execute(db);
}

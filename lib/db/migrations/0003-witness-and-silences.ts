import { type Kysely, sql } from 'kysely';

/** How the chain relates to each witnessed head, the longest silences in it, and the way to chains that begin with the same record. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE heads ADD COLUMN state text, ADD COLUMN differs_from bigint`.execute(db);
  await sql`ALTER TABLE chains ADD COLUMN silences jsonb`.execute(db);
  await sql`CREATE INDEX segment_checks_first_hash ON segment_checks ((result->'first'->>'hash'))`.execute(db);
}

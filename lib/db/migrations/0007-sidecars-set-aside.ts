import { type Kysely, sql } from 'kysely';

/** Files beside a log that no longer count, as when another log's was sent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sidecars ADD COLUMN set_aside_by text, ADD COLUMN set_aside_at timestamptz`.execute(db);
}

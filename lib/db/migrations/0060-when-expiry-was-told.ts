import { type Kysely, sql } from 'kysely';

/** When it was told what is in the queue again since a suppression expired. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE suppressions ADD COLUMN told_at timestamptz`.execute(db);
}

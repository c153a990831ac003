import { type Kysely, sql } from 'kysely';

/** When a key was taken out of use; what it signed before still verifies. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE signing_keys ADD COLUMN retired_at timestamptz`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** Where a chain's time goes back, and its records that state none. Null until the next join, which the new engine brings about. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE chains ADD COLUMN time_steps jsonb, ADD COLUMN untimed jsonb`.execute(db);
}

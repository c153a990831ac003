import { type Kysely, sql } from 'kysely';

/** How an upload relates to what its chain held is named as the API names it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE uploads RENAME COLUMN placement TO relation`.execute(db);
}

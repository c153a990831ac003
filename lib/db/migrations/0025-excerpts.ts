import { type Kysely, sql } from 'kysely';

/** Where the bytes of an attested part of a chain lie in its segments, so that they can be had whatever becomes of the chain; null of those attested before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE attestations ADD COLUMN excerpt jsonb`.execute(db);
}

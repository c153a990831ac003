import { type Kysely, sql } from 'kysely';

/** Who vouched for the identity a certificate names; unknown of what was signed before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE attestations ADD COLUMN signed_by_issuer text`.execute(db);
}

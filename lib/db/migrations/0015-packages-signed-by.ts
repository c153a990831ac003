import { type Kysely, sql } from 'kysely';

/** Who signed the manifest of an evidence package; unknown of those made before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE packages ADD COLUMN key_hint text, ADD COLUMN signed_by text, ADD COLUMN signed_by_issuer text`.execute(
    db,
  );
}

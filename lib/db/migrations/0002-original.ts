import { type Kysely, sql } from 'kysely';

/** What a tool's own verifier says of a chain. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE chains ADD COLUMN original jsonb`.execute(db);
}

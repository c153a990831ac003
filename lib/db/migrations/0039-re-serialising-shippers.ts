import { type Kysely, sql } from 'kysely';

/** Shippers that serialise records again on their way here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE re_encoders RENAME TO re_serialising_shippers`.execute(db);
}

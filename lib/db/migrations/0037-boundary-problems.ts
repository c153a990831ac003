import { type Kysely, sql } from 'kysely';

/** Problems at the boundaries between segments. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE joint_problems RENAME TO boundary_problems`.execute(db);
}

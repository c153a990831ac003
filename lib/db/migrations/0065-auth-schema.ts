import { type Kysely, sql } from 'kysely';

/** Which tables of better-auth's are there: one row, once it has made them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE auth_schema (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    digest text NOT NULL
  )`.execute(db);
}

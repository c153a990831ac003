import { type Kysely, sql } from 'kysely';

/** How one person likes to see something; a row that is missing means as everybody sees it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE preferences (
    person_id text NOT NULL,
    name text NOT NULL,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, name)
  )`.execute(db);
}

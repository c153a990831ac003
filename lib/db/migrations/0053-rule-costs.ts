import { type Kysely, sql } from 'kysely';

/** What running each text of a rule cost the lake, and why a rule was taken out by itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE rule_costs (
    rule_digest text PRIMARY KEY,
    runs bigint NOT NULL,
    elapsed_ms bigint NOT NULL
  )`.execute(db);
  await sql`ALTER TABLE rule_settings ADD COLUMN reason text`.execute(db);
}

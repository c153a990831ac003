import { type Kysely, sql } from 'kysely';

/** The text of every rule that ran, by its digest: statements name rules by that, whether they found something or not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE rule_texts (digest text PRIMARY KEY, yaml text NOT NULL)`.execute(db);
  await sql`INSERT INTO rule_texts SELECT DISTINCT ON (rule_digest) rule_digest, rule_yaml FROM findings ON CONFLICT DO NOTHING`.execute(
    db,
  );
}

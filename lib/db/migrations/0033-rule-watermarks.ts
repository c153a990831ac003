import { type Kysely, sql } from 'kysely';

/** How many of a chain's records a rule had seen. Of runs from before that is not known: the next looks at all of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE rule_runs ADD COLUMN records bigint NOT NULL DEFAULT -1`.execute(db);
}

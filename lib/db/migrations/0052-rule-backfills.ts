import { type Kysely, sql } from 'kysely';

/** How far texts of rules that came into force have looked at what was recorded before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE rule_backfills (
    rule_digest text PRIMARY KEY,
    rule_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    records_from timestamptz,
    records_to timestamptz,
    looked_to timestamptz,
    requested_at timestamptz NOT NULL,
    ended_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX rule_backfills_rule ON rule_backfills (rule_id)`.execute(db);
}

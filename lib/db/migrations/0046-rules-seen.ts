import { type Kysely, sql } from 'kysely';

/** When each rule ran last and how many findings of it stand, without reading all runs and findings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX rule_runs_ran ON rule_runs (rule_digest, ran_at DESC)`.execute(db);
  await sql`CREATE INDEX findings_rule ON findings (rule_id, status) WHERE superseded_at IS NULL`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** Governance reports that are kept as they were made. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE report_runs (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      recorded_from timestamptz NOT NULL,
      recorded_to timestamptz NOT NULL,
      state text NOT NULL DEFAULT 'waiting',
      attempts int NOT NULL DEFAULT 0,
      next_try_at timestamptz NOT NULL,
      failure text,
      progress jsonb,
      requested_by text NOT NULL,
      requested_by_id text NOT NULL,
      requested_at timestamptz NOT NULL,
      made_at timestamptz,
      entries jsonb NOT NULL DEFAULT '[]',
      run_digest text,
      key_hint text,
      signed_by text,
      signed_by_issuer text
    )`.execute(db);
  await sql`CREATE INDEX report_runs_waiting ON report_runs (next_try_at) WHERE state = 'waiting'`.execute(db);
}

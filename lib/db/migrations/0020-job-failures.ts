import { type Kysely, sql } from 'kysely';

/** Jobs that failed and are tried again, each in its own time; `key` is what the job is about. They take the place of `chains.failure`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE job_failures (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      kind text NOT NULL,
      key text NOT NULL,
      chain_id uuid,
      payload jsonb NOT NULL,
      attempts int NOT NULL,
      cause text NOT NULL,
      build text NOT NULL,
      first_failed_at timestamptz NOT NULL,
      last_failed_at timestamptz NOT NULL,
      next_try_at timestamptz NOT NULL,
      queued_at timestamptz,
      UNIQUE (kind, key)
    )`.execute(db);
  await sql`CREATE INDEX job_failures_due ON job_failures (next_try_at)`.execute(db);
  await sql`CREATE INDEX job_failures_of_chain ON job_failures (chain_id)`.execute(db);
  await sql`ALTER TABLE chains DROP COLUMN failure`.execute(db);
}

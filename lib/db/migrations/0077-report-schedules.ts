import { type Kysely, sql } from 'kysely';

/** When reports of a definition are made by themselves, and for which due time a run is: of one there is one run, however many workers look. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE report_definitions
      ADD COLUMN schedule jsonb,
      ADD COLUMN is_paused boolean NOT NULL DEFAULT false,
      ADD COLUMN next_run_at timestamptz`.execute(db);
  await sql`CREATE INDEX report_definitions_due ON report_definitions (next_run_at) WHERE next_run_at IS NOT NULL`.execute(
    db,
  );
  await sql`ALTER TABLE report_runs ADD COLUMN due_at timestamptz, ADD COLUMN missed int`.execute(db);
  await sql`CREATE UNIQUE INDEX report_runs_due ON report_runs (definition_id, due_at) WHERE due_at IS NOT NULL`.execute(
    db,
  );
}

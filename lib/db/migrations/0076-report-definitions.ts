import { type Kysely, sql } from 'kysely';

/** Reports that are defined under a name, and of which definition a report that is kept is, as that was then. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE report_definitions (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      workspace_id text NOT NULL,
      name text NOT NULL,
      content jsonb NOT NULL,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE UNIQUE INDEX report_definitions_name ON report_definitions (workspace_id, lower(name))`.execute(db);
  await sql`
    ALTER TABLE report_runs
      ADD COLUMN definition_id uuid REFERENCES report_definitions (id) ON DELETE SET NULL,
      ADD COLUMN definition jsonb`.execute(db);
  await sql`CREATE INDEX report_runs_definition ON report_runs (definition_id, id) WHERE definition_id IS NOT NULL`.execute(
    db,
  );
}

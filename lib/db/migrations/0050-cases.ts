import { type Kysely, sql } from 'kysely';

/** Findings of one story under a title, and every act of people about it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE cases (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      workspace_id text NOT NULL,
      title text NOT NULL CHECK (title <> ''),
      status text NOT NULL CHECK (status IN ('new', 'in_progress', 'on_hold', 'resolved', 'closed')),
      owner_id text,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX cases_of ON cases (workspace_id, status, id)`.execute(db);
  await sql`
    CREATE TABLE case_findings (
      case_id uuid NOT NULL REFERENCES cases,
      finding_id uuid NOT NULL REFERENCES findings,
      PRIMARY KEY (case_id, finding_id)
    )`.execute(db);
  await sql`CREATE INDEX case_findings_finding ON case_findings (finding_id)`.execute(db);
  await sql`
    CREATE TABLE case_acts (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      case_id uuid NOT NULL REFERENCES cases,
      acted_at timestamptz NOT NULL,
      actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'token', 'system')),
      actor_id text NOT NULL,
      actor_name text NOT NULL,
      changes jsonb NOT NULL,
      note text
    )`.execute(db);
  await sql`CREATE INDEX case_acts_of ON case_acts (case_id, id)`.execute(db);
  await sql`
    CREATE FUNCTION case_acts_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what people did about cases is only ever added to'; END $$`.execute(db);
  await sql`CREATE TRIGGER case_acts_are_kept BEFORE UPDATE OR DELETE ON case_acts
    FOR EACH ROW EXECUTE FUNCTION case_acts_are_kept()`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/** Who did what to what, written in the transaction in which it was done. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE audit_log (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      workspace_id text NOT NULL,
      actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'token', 'system')),
      actor_id text NOT NULL,
      actor_name text NOT NULL,
      actor_role text NOT NULL,
      action text NOT NULL,
      subject_type text NOT NULL,
      subject_id text NOT NULL,
      details jsonb NOT NULL CHECK (octet_length(details::text) <= 4096)
    )`.execute(db);
  await sql`CREATE INDEX audit_log_of_subject ON audit_log (subject_type, subject_id, id)`.execute(db);
}

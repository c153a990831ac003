import { type Kysely, sql } from 'kysely';

/** What people decide about findings, and every act of theirs. What was recorded of acts before stands in the audit log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE findings ADD COLUMN verdict text, ADD COLUMN assignee_id text,
    ADD COLUMN acknowledged_at timestamptz, ADD COLUMN decided_at timestamptz`.execute(db);
  await sql`UPDATE findings SET status = CASE status WHEN 'open' THEN 'new' WHEN 'acknowledged' THEN 'in_progress' ELSE status END`.execute(
    db,
  );
  await sql`ALTER TABLE findings ALTER COLUMN status SET DEFAULT 'new',
    ADD CHECK (status IN ('new', 'in_progress', 'on_hold', 'resolved', 'closed'))`.execute(db);
  await sql`CREATE INDEX findings_found ON findings (found_at) WHERE superseded_at IS NULL`.execute(db);
  await sql`
    CREATE TABLE finding_acts (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      finding_id uuid NOT NULL REFERENCES findings,
      acted_at timestamptz NOT NULL,
      actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'token', 'system')),
      actor_id text NOT NULL,
      actor_name text NOT NULL,
      changes jsonb NOT NULL,
      record_count int,
      comment text
    )`.execute(db);
  await sql`CREATE INDEX finding_acts_of ON finding_acts (finding_id, id)`.execute(db);
  await sql`
    INSERT INTO finding_acts (finding_id, acted_at, actor_kind, actor_id, actor_name, changes)
    SELECT f.id, a.occurred_at, a.actor_kind, a.actor_id, a.actor_name,
      jsonb_build_object('status', jsonb_build_object(
        'from', CASE a.details->>'from' WHEN 'open' THEN 'new' WHEN 'acknowledged' THEN 'in_progress' ELSE 'closed' END,
        'to', CASE a.action WHEN 'finding.reopen' THEN 'new' WHEN 'finding.acknowledge' THEN 'in_progress' ELSE 'closed' END))
    FROM findings f JOIN audit_log a ON a.subject_id = f.id::text
    WHERE a.subject_type = 'finding' AND a.action IN ('finding.acknowledge', 'finding.close', 'finding.reopen') ORDER BY a.id`.execute(
    db,
  );
  await sql`
    UPDATE findings f SET acknowledged_at = a.first_at, decided_at = CASE WHEN f.status = 'closed' THEN a.closed_at END
    FROM (
      SELECT finding_id, min(acted_at) FILTER (WHERE changes->'status'->>'to' <> 'new') AS first_at,
        max(acted_at) FILTER (WHERE changes->'status'->>'to' = 'closed') AS closed_at
      FROM finding_acts GROUP BY finding_id
    ) AS a WHERE a.finding_id = f.id`.execute(db);
  await sql`
    CREATE FUNCTION finding_acts_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what people did about findings is only ever added to'; END $$`.execute(db);
  await sql`CREATE TRIGGER finding_acts_are_kept BEFORE UPDATE OR DELETE ON finding_acts
    FOR EACH ROW EXECUTE FUNCTION finding_acts_are_kept()`.execute(db);
}

import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '../../core/statements/dsse';

type AuditRow = {
  id: string;
  occurred_at: Date;
  workspace_id: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  actor_role: string;
  action: string;
  subject_type: string;
  subject_id: string;
  details: object;
};
type Line = { audit_id: string; seq: number; hash: string; line: string };

const PAGE = 1_000;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Actions become the lines of a chain, in the order in which they are committed. The first line says since when; those of rows that were there before follow it,
 * as many as it says.
 */
export async function up(db: Kysely<{ audit_log: AuditRow }>): Promise<void> {
  await sql`
    CREATE TABLE activity_lines (
      audit_id uuid PRIMARY KEY,
      body text,
      seq bigint UNIQUE CHECK (seq > 0),
      hash text,
      line text,
      CHECK ((seq IS NULL) = (hash IS NULL)),
      CHECK (seq IS NOT NULL OR body IS NOT NULL)
    )`.execute(db);
  await sql`CREATE INDEX activity_lines_with_text ON activity_lines (seq) WHERE line IS NOT NULL`.execute(db);
  await sql`
    CREATE TABLE activity_carry (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      carried_seq bigint NOT NULL,
      is_refusing boolean NOT NULL DEFAULT false,
      trouble_since timestamptz,
      trouble text,
      successes int NOT NULL DEFAULT 0,
      checked_at timestamptz,
      differences int NOT NULL DEFAULT 0
    )`.execute(db);
  await sql`INSERT INTO activity_carry (carried_seq) VALUES (0)`.execute(db);
  await carryIn(db);
  await makeTrigger(db);
}

/**
 * The lock is the last that a transaction takes, so that no two wait for each other; held until the commit is seen by all, it makes the line that is read below
 * the last one. A transaction that reads as of its beginning would not see that, so it may not record an action.
 */
async function makeTrigger(db: Kysely<{ audit_log: AuditRow }>): Promise<void> {
  await sql`
    CREATE FUNCTION chain_activity() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      last_seq bigint;
      last_hash text;
      carried bigint;
      this_hash text;
    BEGIN
      IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'an action is recorded in a transaction that is read committed, not %', current_setting('transaction_isolation')
          USING ERRCODE = 'active_sql_transaction';
      END IF;
      PERFORM pg_advisory_xact_lock(hashtextextended('activity:', 0));
      SELECT seq, hash INTO last_seq, last_hash FROM activity_lines WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1;
      last_seq := coalesce(last_seq, 0);
      last_hash := coalesce(last_hash, repeat('0', 64));
      this_hash := encode(sha256(convert_to(
        '{"body":' || NEW.body || ',"prev":"' || last_hash || '","seq":' || last_seq + 1 || '}', 'UTF8')), 'hex');
      UPDATE activity_lines SET body = NULL, seq = last_seq + 1, hash = this_hash,
        line = '{"body":' || NEW.body || ',"hash":"' || this_hash || '","prev":"' || last_hash || '","seq":' || last_seq + 1 || '}'
        WHERE audit_id = NEW.audit_id;
      UPDATE activity_carry SET is_refusing = true WHERE NOT is_refusing AND last_seq + 1 - carried_seq >= 10000;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE CONSTRAINT TRIGGER activity_chained AFTER INSERT ON activity_lines DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.seq IS NULL) EXECUTE FUNCTION chain_activity()`.execute(db);
}

async function carryIn(db: Kysely<{ audit_log: AuditRow }>): Promise<void> {
  const { earlier } = await db
    .selectFrom('audit_log')
    .select(({ fn }) => fn.countAll().as('earlier'))
    .executeTakeFirstOrThrow();
  const begin = canonicalJson({
    action: 'activity.begin',
    actor: { id: 'setup', kind: 'system', name: 'setup', role: 'administrator' },
    details: { earlier: Number(earlier) },
    subject: { id: 'activity', type: 'installation' },
    time: new Date().toISOString(),
    workspaceId: 'default',
  });
  let last = lineOf(NIL, begin, null);
  await insertLines(db, [last]);
  for (let after = NIL; ; ) {
    const rows = await db
      .selectFrom('audit_log')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const lines = rows.map((row) => (last = lineOf(row.id, bodyOf(row), last)));
    await insertLines(db, lines);
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return;
    after = end.id;
  }
}

function bodyOf(row: AuditRow): string {
  return canonicalJson({
    action: row.action,
    actor: { id: row.actor_id, kind: row.actor_kind, name: row.actor_name, role: row.actor_role },
    details: row.details,
    subject: { id: row.subject_id, type: row.subject_type },
    time: row.occurred_at.toISOString(),
    workspaceId: row.workspace_id,
  });
}

function lineOf(auditId: string, body: string, before: Line | null): Line {
  const [seq, prev] = before ? [before.seq + 1, before.hash] : [1, '0'.repeat(64)];
  const hash = createHash('sha256').update(`{"body":${body},"prev":"${prev}","seq":${seq}}`).digest('hex');
  return { audit_id: auditId, seq, hash, line: `{"body":${body},"hash":"${hash}","prev":"${prev}","seq":${seq}}` };
}

async function insertLines(db: Kysely<{ audit_log: AuditRow }>, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  const column = (of: (line: Line) => string | number) => lines.map(of);
  await sql`INSERT INTO activity_lines (audit_id, seq, hash, line) SELECT * FROM unnest(
    ${column(({ audit_id: id }) => id)}::uuid[], ${column(({ seq }) => seq)}::bigint[], ${column(({ hash }) => hash)}::text[], ${column(({ line }) => line)}::text[])`.execute(
    db,
  );
}

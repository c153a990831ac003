import { type Kysely, sql } from 'kysely';

/** Whether a finding is noted as hidden, and may be: what was decided, or confirmed as true, is not. */
const HIDDEN = sql`(CASE WHEN suppressed AND status NOT IN ('resolved', 'closed') AND verdict IS DISTINCT FROM 'true_positive' THEN 1 ELSE 0 END)`;
/** The worst level first, and of a level the newest window. */
const WORST = sql`(array_position(ARRAY['critical', 'high', 'medium', 'low', 'informational']::text[], level)::bigint * 1000000000000000
  - (extract(epoch FROM window_to AT TIME ZONE 'UTC') * 1000)::bigint)`;

/**
 * Findings that stand, of each status and level those that are shown and those that are hidden in the orders that they are listed in, so that a page reads
 * as many rows as it has; and those that somebody has.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX findings_by_window ON findings (status, ${HIDDEN}, level, window_to, id)
    INCLUDE (verdict, suppressed, assignee_id, rule_id, window_from)
    WHERE superseded_at IS NULL`.execute(db);
  await sql`CREATE INDEX findings_by_records ON findings (status, ${HIDDEN}, level, (record_count::bigint), id)
    WHERE superseded_at IS NULL`.execute(db);
  await sql`CREATE INDEX findings_by_rank ON findings (status, ${HIDDEN}, level, ${WORST}, id)
    WHERE superseded_at IS NULL`.execute(db);
  // Of what an index leaves rows out of no plan knows how its values lie.
  await sql`CREATE STATISTICS findings_hidden ON ${HIDDEN} FROM findings`.execute(db);
  await sql`CREATE INDEX findings_of_person ON findings (assignee_id, status)
    WHERE superseded_at IS NULL AND assignee_id IS NOT NULL`.execute(db);
}

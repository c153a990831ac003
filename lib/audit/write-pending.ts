import 'server-only';
import { sql } from 'kysely';
import { WORKER } from '../access/actor';
import { OWN_CHAIN } from '../core/own-chain';
import type { PendingAction } from '../db/activity-pending';
import type { Db } from '../db/database';
import { append } from './append';

/** Between two actions of one kind about one thing. */
const APART_SECONDS = 60;
const MOST_AT_ONCE = 200;
/** Named in the action; the digest is of all. */
const NAMED = 20;

/**
 * Makes what Sealtrail came to by itself actions, one a minute about each thing at most: how many, the first of them, and the SHA-256 of all, sorted, a line
 * each. What rules find in the chain of actions is none, so that it comes to rest. Meant to run every second.
 */
export async function writePending(db: Db): Promise<void> {
  const { rows } = await sql<{ action: PendingAction; subject_id: string }>`
    SELECT p.action, p.subject_id FROM activity_pending p GROUP BY 1, 2 HAVING NOT EXISTS (
      SELECT FROM audit_log a WHERE a.subject_type = split_part(p.action, '.', 1) AND a.subject_id = p.subject_id AND a.action = p.action
        AND a.occurred_at > clock_timestamp() - make_interval(secs => ${APART_SECONDS}))
    ORDER BY min(p.id) LIMIT ${MOST_AT_ONCE}::int`.execute(db);
  for (const { action, subject_id: subjectId } of rows)
    await db.transaction().execute(async (tx) => {
      const { rows: of } = await sql<{ count: number; items: string[] | null; sha256: string | null }>`
        WITH gone AS (DELETE FROM activity_pending WHERE action = ${action} AND subject_id = ${subjectId} RETURNING item),
          each AS (SELECT DISTINCT item FROM gone WHERE CASE WHEN ${action}::text = 'rule.find'
            THEN NOT EXISTS (SELECT FROM finding_chains WHERE finding_id = item::uuid AND chain_id = ${OWN_CHAIN.id}::uuid) ELSE true END)
        SELECT count(*)::float8 AS count, (array_agg(item ORDER BY item COLLATE "C"))[1:${sql.lit(NAMED)}] AS items,
          encode(sha256(convert_to(string_agg(item || chr(10), '' ORDER BY item COLLATE "C"), 'UTF8')), 'hex') AS sha256 FROM each`.execute(
        tx,
      );
      const [what] = of;
      if (what?.items)
        await append(tx, WORKER, {
          action,
          subjectId,
          details: { count: what.count, items: what.items, sha256: what.sha256 },
        });
    });
}

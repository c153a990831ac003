import 'server-only';
import { sql } from 'kysely';
import type { Tx } from '../db/database';
import type { JobKind } from './kinds';

/**
 * When a job is to be taken among those that wait: one turn after the last of the same sender's, and not before the turn that is being taken now. Jobs
 * of one turn are taken in the order in which they came. The sender is the one that sent the chain's newest content.
 */
export async function turnOf(tx: Tx, kind: JobKind, payload: object): Promise<{ turn: number; sender: string }> {
  const chainId = 'chainId' in payload ? String(payload.chainId) : null;
  const { rows } = await sql<{ turn: number; sender: string }>`
    WITH who AS (
      SELECT coalesce((SELECT coalesce(appended_by_id, appended_by) FROM tails WHERE chain_id = ${chainId}::uuid), (SELECT coalesce(received_by_id, received_by) FROM uploads WHERE chain_id = ${chainId}::uuid ORDER BY id DESC LIMIT 1), 'nobody') AS sender
    )
    SELECT sender, greatest(coalesce(min(-j.priority), 0), coalesce(max(-j.priority) FILTER (WHERE j.group_id = sender) + 1, 0))::int AS turn
    FROM who LEFT JOIN ${sql.table('pgboss.job')} j ON j.name = ${kind} AND j.state IN ('created', 'retry', 'active')
    GROUP BY sender`.execute(tx);
  const [row] = rows;
  return { turn: row?.turn ?? 0, sender: row?.sender || 'nobody' };
}

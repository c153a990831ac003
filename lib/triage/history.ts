import 'server-only';
import type { Db } from '../db/database';
import type { FindingAct } from '../schemas/triage';

const MOST = 500;

/** What was done about a finding, the oldest first; the newest 500. */
export async function historyOf(db: Db, findingId: string): Promise<FindingAct[]> {
  const rows = await db
    .selectFrom('finding_acts')
    .selectAll()
    .where('finding_id', '=', findingId)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  return rows
    .map((row) => ({
      id: row.id,
      at: row.acted_at.toISOString(),
      by: { kind: row.actor_kind, name: row.actor_name },
      changes: row.changes,
      recordCount: row.record_count,
      comment: row.comment,
      isUndo: row.undoes !== null,
    }))
    .toReversed();
}

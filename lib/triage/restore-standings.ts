import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../access/actor';
import type { Tx } from '../db/database';
import type { FindingChanges, FindingStatus, FindingVerdict } from '../schemas/triage';
import { writeActs } from './write-changes';

/** What a finding was before a change, as it is kept beside it. */
export type KeptStanding = {
  status: FindingStatus;
  verdict: FindingVerdict | null;
  assignee_id: string | null;
  acknowledged_at: string | null;
  decided_at: string | null;
};

type Restored = { finding_id: string; record_count: number; changes: FindingChanges; before: KeptStanding };

/** Makes findings what they were before a change, each with its row in the history and in the audit log. */
export async function restoreStandings(
  tx: Tx,
  findings: readonly Restored[],
  { changeId, actor, now }: { changeId: string; actor: Actor; now: Date },
): Promise<void> {
  if (findings.length === 0) return;
  await sql`
    UPDATE findings f SET status = b.status, verdict = b.verdict, assignee_id = b.assignee_id,
      acknowledged_at = b.acknowledged_at, decided_at = b.decided_at
    FROM unnest(${findings.map(({ finding_id: id }) => id)}::uuid[], ${findings.map(({ before }) => JSON.stringify(before))}::jsonb[]) AS n (id, before)
      CROSS JOIN LATERAL jsonb_to_record(n.before) AS b (status text, verdict text, assignee_id text, acknowledged_at timestamptz, decided_at timestamptz)
    WHERE f.id = n.id`.execute(tx);
  await writeActs(
    tx,
    actor,
    now,
    findings.map(({ finding_id: findingId, record_count: recordCount, changes }) => {
      const undone = reversed(changes);
      return {
        findingId,
        recordCount,
        changes: undone,
        comment: null,
        undoes: changeId,
        action: 'finding.undo',
        details: {
          change: changeId,
          ...(undone.status && { from: undone.status.from, to: undone.status.to }),
          ...(undone.verdict && { verdict: undone.verdict.to, verdictBefore: undone.verdict.from }),
          ...(undone.assignee && { assignee: undone.assignee.to?.id ?? null }),
        },
      };
    }),
  );
}

function reversed({ status, verdict, assignee }: FindingChanges): FindingChanges {
  return {
    ...(status && { status: { from: status.to, to: status.from } }),
    ...(verdict && { verdict: { from: verdict.to, to: verdict.from } }),
    ...(assignee && { assignee: { from: assignee.to, to: assignee.from } }),
  };
}

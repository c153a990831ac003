import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { EvidenceState } from '../schemas/evidence';

/** What is known of all evidence: what is damaged now, and when all of it was read last. */
export async function evidenceState({ db }: Pick<Context, 'db'>): Promise<EvidenceState> {
  const [{ rows }, row] = await Promise.all([
    sql<{
      kind: keyof EvidenceState['damaged'];
      n: number;
    }>`SELECT kind, count(*)::int AS n FROM evidence_damage WHERE healed_at IS NULL GROUP BY kind`.execute(db),
    db.selectFrom('evidence_sweep').selectAll().where('id', '=', 1).executeTakeFirst(),
  ]);
  const count = (kind: keyof EvidenceState['damaged']) => rows.find((one) => one.kind === kind)?.n ?? 0;
  return {
    damaged: { altered: count('altered'), missing: count('missing'), unreadable: count('unreadable') },
    sweep: row && row.position !== '' ? { objects: row.objects, bytes: row.bytes } : null,
    lastPass:
      row?.last_started_at && row.last_ended_at
        ? {
            startedAt: row.last_started_at.toISOString(),
            endedAt: row.last_ended_at.toISOString(),
            objects: row.last_objects ?? 0,
            bytes: row.last_bytes ?? 0,
          }
        : null,
  };
}

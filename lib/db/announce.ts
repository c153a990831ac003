import 'server-only';
import { type RawBuilder, sql } from 'kysely';
import type { StoredVerdict } from '../core/chain/verdict';
import { leavePending, leavingPending } from './activity-pending';
import type { Db, Tx } from './database';

/** Verdicts that somebody may want to be told of. */
const BAD: readonly string[] = ['tampered', 'forked', 'truncated', 'gap', 'corrupt'] satisfies StoredVerdict[];
/** What nobody would be told of is not written. */
const SOMEBODY = sql`EXISTS (SELECT FROM notification_destinations WHERE is_enabled)`;

/** Leaves in the writer's transaction that findings are new or grew. */
export async function announceFindings(
  tx: Tx,
  findings: readonly { id: string; grew: boolean | null }[],
  now: Date,
): Promise<void> {
  if (findings.length === 0) return;
  const rows = sql`SELECT id, grew FROM unnest(${findings.map(({ id }) => id)}::uuid[], ${findings.map(({ grew }) => grew)}::boolean[]) AS f (id, grew)`;
  await announcing(rows, now).execute(tx);
}

/** The statement that leaves it of a SELECT of `id` and `grew`, which is null of new ones. */
export function announcing(findings: RawBuilder<unknown>, now: Date): RawBuilder<unknown> {
  return sql`INSERT INTO notification_events (kind, subject_id, facts, at)
    SELECT CASE WHEN f.grew THEN 'finding.grown' ELSE 'finding.new' END, f.id::text, '{}', ${now}::timestamptz
    FROM (${findings}) AS f WHERE ${SOMEBODY}`;
}

/** Leaves that verdicts of chains turned bad, or into another bad one. */
export async function announceVerdicts(
  tx: Tx,
  chains: readonly { chainId: string; verdict: StoredVerdict }[],
  now: Date,
): Promise<void> {
  const bad = chains.filter(({ verdict }) => BAD.includes(verdict));
  if (bad.length === 0) return;
  await sql`WITH turned AS (
      INSERT INTO announced_verdicts (chain_id, verdict)
      SELECT * FROM unnest(${bad.map(({ chainId }) => chainId)}::uuid[], ${bad.map(({ verdict }) => verdict)}::text[])
      ON CONFLICT (chain_id) DO UPDATE SET verdict = excluded.verdict WHERE announced_verdicts.verdict <> excluded.verdict
      RETURNING chain_id, verdict
    ), said AS (${leavingPending('chain.turn', sql`SELECT chain_id::text, verdict FROM turned`)})
    INSERT INTO notification_events (kind, subject_id, facts, at)
    SELECT 'verdict.bad', chain_id::text, jsonb_build_object('verdict', verdict), ${now}::timestamptz FROM turned WHERE ${SOMEBODY}`.execute(
    tx,
  );
}

/** The same of one, as a whole check of it found: one that holds again is told of when it turns bad again. */
export async function announceVerdict(
  tx: Tx,
  chain: { chainId: string; verdict: StoredVerdict },
  now: Date,
): Promise<void> {
  if (BAD.includes(chain.verdict)) return announceVerdicts(tx, [chain], now);
  if (chain.verdict === 'pending') return;
  await tx.deleteFrom('announced_verdicts').where('chain_id', '=', chain.chainId).execute();
}

/** Leaves that a job is stuck. */
export async function announceStuck(
  db: Db,
  { kind, key, chainId, cause }: { kind: string; key: string; chainId: string | null; cause: string },
  now: Date,
): Promise<void> {
  await leavePending(db, 'job.stick', kind, [key]);
  await sql`INSERT INTO notification_events (kind, subject_id, facts, at)
    SELECT 'job.stuck', ${`${kind}:${key}`}, ${JSON.stringify({ kind, chainId, cause })}::jsonb, ${now}::timestamptz WHERE ${SOMEBODY}`.execute(
    db,
  );
}

/** Leaves that a report of a definition was made, or could not be, for those who are sent its reports. */
export async function announceReport(
  tx: Tx,
  report: {
    kind: 'report.done' | 'report.failed';
    runId: string;
    definitionId: string;
    facts: Record<string, unknown>;
  },
  now: Date,
): Promise<void> {
  const { kind, runId, definitionId, facts } = report;
  await sql`INSERT INTO notification_events (kind, subject_id, facts, at)
    SELECT ${kind}::text, ${runId}::text, ${JSON.stringify(facts)}::jsonb || jsonb_build_object('to', jsonb_agg(d.id)), ${now}::timestamptz
    FROM report_definition_destinations r JOIN notification_destinations d ON d.id = r.destination_id
    WHERE r.definition_id = ${definitionId}::uuid AND d.is_enabled HAVING count(*) > 0`.execute(tx);
}

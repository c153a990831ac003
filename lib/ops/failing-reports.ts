import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { STUCK_AFTER } from '../db/job-failures';
import type { Tx } from '../db/database';
import { STAGE } from '../queue/failure-words';
import type { StuckJob } from '../schemas/stuck';

const KIND = 'make-report-run';

/** The newest run of each definition that a schedule asked for, where it could not be made, or failed so often that somebody should look; those due longest ago first. */
export async function failingReports(
  { db }: Pick<Context, 'db'>,
  limit: number,
): Promise<{ items: StuckJob[]; total: number }> {
  type Row = {
    id: string;
    name: string;
    failure: string | null;
    attempts: number;
    since: Date;
    tried: Date;
    next: Date;
    total: string;
  };
  const { rows } = await sql<Row>`
    SELECT r.id, d.name, r.failure, r.attempts, r.requested_at AS since, r.next_try_at AS tried, count(*) OVER () AS total,
      CASE WHEN r.state = 'waiting' THEN r.next_try_at ELSE coalesce(d.next_run_at, r.next_try_at) END AS next
    FROM report_definitions d
      CROSS JOIN LATERAL (SELECT * FROM report_runs WHERE definition_id = d.id AND due_at IS NOT NULL ORDER BY id DESC LIMIT 1) r
    WHERE r.state = 'failed' OR (r.state = 'waiting' AND r.failure IS NOT NULL AND r.attempts >= ${STUCK_AFTER})
    ORDER BY r.requested_at, r.id LIMIT ${limit}`.execute(db);
  const items = rows.map(
    ({ id, name, failure, attempts, since, tried, next }): StuckJob => ({
      id,
      kind: KIND,
      what: STAGE[KIND],
      chainId: null,
      chain: null,
      cause: `“${name}”: ${failure ?? ''}`,
      attempts,
      since: since.toISOString(),
      lastTriedAt: (tried < next ? tried : since).toISOString(),
      nextTryAt: next.toISOString(),
    }),
  );
  return { items, total: Number(rows[0]?.total ?? 0) };
}

/** Has those that a schedule asked for and that failed, or one of them, made again now. Gives how many. */
export async function makeAgain(tx: Tx, now: Date, runId: string | undefined): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    UPDATE report_runs SET state = 'waiting', attempts = 0, next_try_at = ${now}
    WHERE id IN (
        SELECT r.id FROM report_definitions d
          CROSS JOIN LATERAL (SELECT * FROM report_runs WHERE definition_id = d.id AND due_at IS NOT NULL ORDER BY id DESC LIMIT 1) r)
      AND (state = 'failed' OR (state = 'waiting' AND failure IS NOT NULL))
      AND (${runId ?? null}::uuid IS NULL OR id = ${runId ?? null}) RETURNING id`.execute(tx);
  return rows.length;
}

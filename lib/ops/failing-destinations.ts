import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { Tx } from '../db/database';
import { STUCK_AFTER_FAILURES } from '../notify/schedule';
import { STAGE } from '../queue/failure-words';
import type { StuckJob } from '../schemas/stuck';

const KIND = 'deliver-notifications';

/** Destinations of notifications that failed so often in a row that somebody should look, those that fail longest first. */
export async function failingDestinations(
  { db }: Pick<Context, 'db'>,
  limit: number,
): Promise<{ items: StuckJob[]; total: number }> {
  const rows = await db
    .selectFrom('notification_destinations')
    .selectAll()
    .select(({ fn }) => fn.countAll<number>().over().as('total'))
    .select(sql<Date>`coalesce(next_try_at, failing_since)`.as('next'))
    .select(
      sql<string | null>`(SELECT max(n.tries->0->>'at') FROM notification_deliveries n
        WHERE n.destination_id = notification_destinations.id)`.as('tried'),
    )
    .where('is_enabled', '=', true)
    .where('failures', '>=', STUCK_AFTER_FAILURES)
    .where('failing_since', 'is not', null)
    .orderBy('failing_since')
    .orderBy('id')
    .limit(limit)
    .execute();
  const items = rows.flatMap(({ id, name, failure, failures, failing_since: since, next, tried }): StuckJob[] => {
    if (!since) return [];
    const at = {
      since: since.toISOString(),
      lastTriedAt: tried ?? since.toISOString(),
      nextTryAt: next.toISOString(),
    };
    // Anybody may know what is stuck, and who is told only people who are signed in: the cause names it.
    const cause = `“${name}”: ${failure ?? ''}`;
    return [{ id, kind: KIND, what: STAGE[KIND], chainId: null, chain: null, cause, attempts: failures, ...at }];
  });
  return { items, total: Number(rows[0]?.total ?? 0) };
}

/** Has what waits for failing destinations, or for one, sent now. Gives to how many. */
export async function sendAgain(tx: Tx, now: Date, destinationId: string | undefined): Promise<number> {
  const { rows } = await sql<{ id: string }>`UPDATE notification_destinations SET next_try_at = NULL
    WHERE failures > 0 AND (${destinationId ?? null}::uuid IS NULL OR id = ${destinationId ?? null}) RETURNING id`.execute(
    tx,
  );
  if (rows.length === 0) return 0;
  await tx
    .updateTable('notification_deliveries')
    .set({ next_try_at: now })
    .where('state', '=', 'waiting')
    .where('attempts', '>', 0)
    .where(
      'destination_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.length;
}

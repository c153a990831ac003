import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { leavingPending } from '../db/activity-pending';

const MOST_DESTINATIONS = 200;
/** What has ended is listed for so long. */
const KEPT_MS = 30 * 86_400_000;

/** Queues every destination that something is due for, and gives up what is too old. Meant to run every second or two. */
export async function runDueDeliveries(ctx: Context): Promise<void> {
  const now = ctx.now();
  const { rows } = await sql<{ id: string }>`
    SELECT d.id FROM notification_destinations d WHERE d.is_enabled AND (d.next_try_at IS NULL OR d.next_try_at <= ${now})
      AND EXISTS (SELECT FROM notification_deliveries n WHERE n.destination_id = d.id AND n.state = 'waiting' AND n.next_try_at <= ${now})
    ORDER BY d.id LIMIT ${MOST_DESTINATIONS}`.execute(ctx.db);
  if (rows.length > 0)
    await ctx.db.transaction().execute(async (tx) => {
      for (const { id: destinationId } of rows) await ctx.queue.send(tx, 'deliver-notifications', { destinationId });
    });
  const given = sql`
    UPDATE notification_deliveries SET state = 'failed', ended_at = ${now} WHERE state = 'waiting' AND give_up_at < ${now} AND next_try_at < ${now}
    RETURNING destination_id::text, id::text`;
  await sql`WITH given AS (${given}) ${leavingPending('destination.give-up', sql`SELECT destination_id, id FROM given`)}`.execute(
    ctx.db,
  );
}

/** Forgets what ended long ago. */
export async function sweepDeliveries({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  await db
    .deleteFrom('notification_deliveries')
    .where('ended_at', '<', new Date(now().getTime() - KEPT_MS))
    .execute();
}

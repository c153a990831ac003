import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Delivery } from '../schemas/notifications';
import { lockedDestination } from './destination-of';
import { getDelivery } from './list-deliveries';
import { giveUpAt } from './schedule';

/** Has a message that was given up, or that waits, sent now, under the id it has, with all of its attempts again. @throws AppError NOT_FOUND; CONFLICT for one that arrived. */
export async function retryDelivery(
  ctx: Context,
  { deliveryId, actor }: { deliveryId: string; actor: Actor },
): Promise<Delivery> {
  const { destinationId } = await getDelivery(ctx, deliveryId);
  const now = ctx.now();
  await ctx.db.transaction().execute(async (tx) => {
    await lockedDestination(tx, actor, destinationId);
    const { numUpdatedRows } = await tx
      .updateTable('notification_deliveries')
      .set({ state: 'waiting', attempts: 0, next_try_at: now, give_up_at: giveUpAt(now), ended_at: null })
      .where('id', '=', deliveryId)
      .where('state', '!=', 'sent')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new AppError('CONFLICT', 'this message arrived', { deliveryId });
    await tx
      .updateTable('notification_destinations')
      .set({ next_try_at: null })
      .where('id', '=', destinationId)
      .execute();
    await audit.append(tx, actor, { action: 'delivery.retry', subjectId: deliveryId, details: { destinationId } });
    await ctx.queue.send(tx, 'deliver-notifications', { destinationId });
  });
  return getDelivery(ctx, deliveryId);
}

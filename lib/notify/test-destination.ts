import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { leaseEnd } from '../db/lease';
import type { Delivery } from '../schemas/notifications';
import { attemptDelivery } from './deliver';
import { lockedDestination } from './destination-of';
import { getDelivery } from './list-deliveries';
import { giveUpAt } from './schedule';

/**
 * Sends a test message at once, also to a destination that is off or failing, and answers how that went. One that did not arrive is tried once and no more.
 * @throws AppError NOT_FOUND.
 */
export async function testDestination(
  ctx: Context,
  { destinationId, actor }: { destinationId: string; actor: Actor },
): Promise<Delivery> {
  const now = ctx.now();
  const { destination, delivery } = await ctx.db.transaction().execute(async (tx) => {
    const destination = await lockedDestination(tx, actor, destinationId);
    const delivery = await tx
      .insertInto('notification_deliveries')
      .values({
        destination_id: destinationId,
        key: `test:${randomUUID()}`,
        kind: 'test',
        subject_id: destinationId,
        rule_id: null,
        title: `A test of “${destination.name}”`,
        facts: '{}',
        next_try_at: leaseEnd(ctx),
        created_at: now,
        give_up_at: giveUpAt(now),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, { action: 'destination.test', subjectId: destinationId });
    return { destination, delivery };
  });
  await attemptDelivery(ctx, destination, delivery);
  return getDelivery(ctx, delivery.id);
}

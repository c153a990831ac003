import 'server-only';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { type SortColumns, listOrder, rankOf } from '../db/list-order';
import type { DeliveryRow } from '../db/notification-tables';
import type { Page } from '../schemas/common';
import { DELIVERY_STATES, type DeliveriesQuery, type Delivery } from '../schemas/notifications';

const SORTED_BY: SortColumns<'created' | 'message' | 'destination' | 'state'> = {
  created: null,
  message: { value: sql<string>`n.title`, type: 'text' },
  destination: { value: sql<string>`d.name`, type: 'text' },
  state: { value: rankOf(sql`n.state`, DELIVERY_STATES), type: 'bigint' },
};

/** Messages of every destination or of one, newest first, unless another order is asked for. */
export async function listDeliveries(
  { db }: Context,
  { destinationId, state, sort = '-created', cursor, limit }: z.output<typeof DeliveriesQuery>,
): Promise<Page<Delivery>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`n.id`);
  const matching = deliveries(db)
    .$if(destinationId !== undefined, (query) => query.where('n.destination_id', '=', destinationId ?? ''))
    .$if(state !== undefined, (query) => query.where('n.state', 'in', state ?? []));
  const { total } = await db
    .selectFrom(matching.as('matching'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await matching
    .select(order.place.as('place'))
    .where(order.after(cursor))
    .orderBy(order.orderBy)
    .limit(limit + 1)
    .execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(deliveryOf),
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

/** @throws AppError NOT_FOUND. */
export async function getDelivery({ db }: Context, deliveryId: string): Promise<Delivery> {
  const row = await deliveries(db).where('n.id', '=', deliveryId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no delivery has this id', { deliveryId });
  return deliveryOf(row);
}

function deliveries(db: Context['db']) {
  return db
    .selectFrom('notification_deliveries as n')
    .innerJoin('notification_destinations as d', 'd.id', 'n.destination_id')
    .selectAll('n')
    .select('d.name as destination');
}

function deliveryOf(row: DeliveryRow & { destination: string }): Delivery {
  return {
    id: row.id,
    destinationId: row.destination_id,
    destination: row.destination,
    kind: row.kind,
    title: row.kind === 'findings.many' ? `${row.title}: ${row.count} more` : row.title,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    nextTryAt: row.state === 'waiting' ? row.next_try_at.toISOString() : null,
    endedAt: row.ended_at?.toISOString() ?? null,
    tries: row.tries,
  };
}

import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../access/actor';
import type { Tx } from '../db/database';
import type { DestinationRow } from '../db/notification-tables';
import { AppError } from '../core/errors';
import type { Destination } from '../schemas/notifications';

/** Deliveries of `d` that were given up. */
export const FAILED = sql<number>`(SELECT count(*)::int FROM notification_deliveries n WHERE n.destination_id = d.id AND n.state = 'failed' AND n.kind <> 'test')`;

/** A destination as it is shown. */
export function destinationOf(row: DestinationRow & { failed: number }): Destination {
  const { failing_since: since, failures, failure, next_try_at: next } = row;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    address: row.address,
    isEnabled: row.is_enabled,
    filter: row.filter,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
    failing:
      since && failure !== null
        ? { since: since.toISOString(), failures, failure, nextTryAt: next?.toISOString() ?? null }
        : null,
    failed: row.failed,
  };
}

/** One of the actor's workspace, locked. @throws AppError NOT_FOUND. */
export async function lockedDestination(
  tx: Tx,
  actor: Actor,
  destinationId: string,
): Promise<DestinationRow & { failed: number }> {
  const row = await tx
    .selectFrom('notification_destinations as d')
    .selectAll('d')
    .select(FAILED.as('failed'))
    .where('d.id', '=', destinationId)
    .where('d.workspace_id', '=', actor.workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no destination has this id', { destinationId });
  return row;
}

/** @throws AppError CONFLICT when another destination has the name, in any case of letters. */
export async function requireFreeName(tx: Tx, actor: Actor, name: string, destinationId: string | null): Promise<void> {
  const other = await tx
    .selectFrom('notification_destinations')
    .select('id')
    .where('workspace_id', '=', actor.workspaceId)
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .executeTakeFirst();
  if (other && other.id !== destinationId) throw new AppError('CONFLICT', `a destination is called "${name}" already`);
}

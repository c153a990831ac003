import 'server-only';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { lockedDestination } from './destination-of';

/** Removes a destination with its secret, its log, and what waits for it. @throws AppError NOT_FOUND. */
export async function deleteDestination(
  { db }: Context,
  { destinationId, actor }: { destinationId: string; actor: Actor },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { kind } = await lockedDestination(tx, actor, destinationId);
    await tx.deleteFrom('notification_destinations').where('id', '=', destinationId).execute();
    await audit.append(tx, actor, { action: 'destination.delete', subjectId: destinationId, details: { kind } });
  });
}

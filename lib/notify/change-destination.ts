import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { lockUntilCommit } from '../db/lock';
import type { Destination, DestinationChange } from '../schemas/notifications';
import { destinationOf, lockedDestination, requireFreeName } from './destination-of';

/** Renames a destination, turns it off or on, or changes what it is told of. What is as it was is no change. @throws AppError NOT_FOUND, CONFLICT. */
export async function changeDestination(
  { db, now }: Context,
  { destinationId, change, actor }: { destinationId: string; change: DestinationChange; actor: Actor },
): Promise<Destination> {
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'notifications', actor.workspaceId);
    const was = await lockedDestination(tx, actor, destinationId);
    const { name = was.name, isEnabled = was.is_enabled, filter = was.filter } = change;
    const changed = [
      ...(name === was.name ? [] : ['name']),
      ...(isEnabled === was.is_enabled ? [] : ['isEnabled']),
      ...(isDeepStrictEqual(filter, was.filter) ? [] : ['filter']),
    ];
    if (changed.length === 0) return destinationOf(was);
    await requireFreeName(tx, actor, name, destinationId);
    const row = await tx
      .updateTable('notification_destinations')
      .set({ name, is_enabled: isEnabled, filter: JSON.stringify(filter), updated_at: now() })
      .where('id', '=', destinationId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'destination.change',
      subjectId: destinationId,
      details: { changed, isEnabled },
    });
    return destinationOf({ ...row, failed: was.failed });
  });
}

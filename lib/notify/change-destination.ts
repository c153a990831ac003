import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { destinationDigest } from '../core/decisions';
import { AppError } from '../core/errors';
import type { DestinationRow } from '../db/notification-tables';
import { lockUntilCommit } from '../db/lock';
import type { Destination, DestinationChange } from '../schemas/notifications';
import { destinationOf, lockedDestination, requireFreeName } from './destination-of';
import { type Target, seal, unseal } from './sealed';
import { targetOf } from './target-of';

/**
 * Renames a destination, turns it off or on, or changes what it is told of or where that goes. What is as it was is no change. What waits goes to the new
 * address, which has not failed yet; a webhook keeps its secret.
 * @throws AppError NOT_FOUND; CONFLICT for a name that is taken, and for an address that cannot be read; BAD_REQUEST for one that can be none.
 */
export async function changeDestination(
  ctx: Context,
  { destinationId, change, actor }: { destinationId: string; change: DestinationChange; actor: Actor },
): Promise<Destination> {
  const { db, now } = ctx;
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'notifications', actor.workspaceId);
    const was = await lockedDestination(tx, actor, destinationId);
    const { name = was.name, isEnabled = was.is_enabled, filter = was.filter } = change;
    const moved = movedTarget(ctx, was, change);
    const changed = [
      ...(name === was.name ? [] : ['name']),
      ...(isEnabled === was.is_enabled ? [] : ['isEnabled']),
      ...(isDeepStrictEqual(filter, was.filter) ? [] : ['filter']),
      ...(moved ? ['address'] : []),
    ];
    if (changed.length === 0) return destinationOf(was);
    await requireFreeName(tx, actor, name, destinationId);
    const row = await tx
      .updateTable('notification_destinations')
      .set({
        name,
        is_enabled: isEnabled,
        filter: JSON.stringify(filter),
        updated_at: now(),
        ...(moved && {
          address: moved.address,
          sealed: seal(ctx, destinationId, moved.target),
          failing_since: null,
          failures: 0,
          failure: null,
          next_try_at: null,
        }),
      })
      .where('id', '=', destinationId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'destination.change',
      subjectId: destinationId,
      details: { changed, isEnabled, stateSha256: destinationDigest(ctx.hasher, { ...row, isEnabled }) },
    });
    return destinationOf({ ...row, failed: was.failed });
  });
}

/** Where it is to send from now on; null where that stays as it is. */
function movedTarget(
  ctx: Context,
  { id, kind, sealed }: DestinationRow,
  { url, to }: DestinationChange,
): { target: Target; address: string } | null {
  const [given, other] = kind === 'email' ? [to, url] : [url, to];
  if (other !== undefined)
    throw new AppError(
      'BAD_REQUEST',
      kind === 'email' ? 'url: mail goes to addresses, `to`' : `to: a ${kind} destination has a \`url\``,
      { field: kind === 'email' ? 'url' : 'to' },
    );
  if (given === undefined) return null;
  const was = unseal(ctx, id, sealed);
  const address = kind === 'email' ? { kind, to: to ?? [] } : { kind, url: url ?? '' };
  const moved = targetOf(ctx, address, () => {
    if (was && 'secret' in was && was.secret !== null) return was.secret;
    throw new AppError(
      'CONFLICT',
      'its secret cannot be read, since it was sealed under another SEALTRAIL_SECRET: make the destination again',
    );
  });
  return isDeepStrictEqual(moved.target, was) ? null : moved;
}

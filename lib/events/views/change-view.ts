import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { stateDigest } from '../../core/decisions';
import { lockUntilCommit } from '../../db/lock';
import type { View, ViewChange } from '../../schemas/views';
import { ownView, requireFreeName, stateOf, viewOf } from './view-of';

/**
 * Gives a view of the person's another name or search, shares it or no longer; what is as it was already is no change.
 * @throws AppError NOT_FOUND, FORBIDDEN for somebody else's, CONFLICT for a name the person has given already.
 */
export async function changeView(
  { db, now, hasher }: Context,
  { viewId, change, actor }: { viewId: string; change: ViewChange; actor: Actor },
): Promise<View> {
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'views', actor.id);
    const was = await ownView(tx, actor, viewId);
    const { name = was.name, isShared = was.is_shared, search = was.search } = change;
    const changed = [
      ...(name === was.name ? [] : ['name']),
      ...(isShared === was.is_shared ? [] : ['isShared']),
      ...(isDeepStrictEqual(search, was.search) ? [] : ['search']),
    ];
    if (changed.length === 0) return viewOf(was, actor);
    await requireFreeName(tx, actor, name, viewId);
    const row = await tx
      .updateTable('views')
      .set({ name, is_shared: isShared, search: JSON.stringify(search), updated_at: now() })
      .where('id', '=', viewId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'view.change',
      subjectId: viewId,
      details: { changed, isShared, stateSha256: stateDigest(hasher, stateOf(row)) },
    });
    return viewOf(row, actor);
  });
}

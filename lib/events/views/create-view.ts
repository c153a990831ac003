import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { stateDigest } from '../../core/decisions';
import { AppError } from '../../core/errors';
import { lockUntilCommit } from '../../db/lock';
import type { NewView, View } from '../../schemas/views';
import { requireFreeName, stateOf, viewOf } from './view-of';

/** Views of one person. */
const MOST = 200;

/** Saves a search under a name. @throws AppError CONFLICT for a name the person has given already, and past 200 views. */
export async function createView(
  { db, now, hasher }: Context,
  { name, isShared, search, actor }: NewView & { actor: Actor },
): Promise<View> {
  return db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'views', actor.id);
    await requireFreeName(tx, actor, name, null);
    const { count } = await tx
      .selectFrom('views')
      .select((of) => of.fn.countAll<number>().as('count'))
      .where('owner_id', '=', actor.id)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MOST) throw new AppError('CONFLICT', `you have ${MOST} views: delete one of them first`);
    const row = await tx
      .insertInto('views')
      .values({
        workspace_id: actor.workspaceId,
        owner_id: actor.id,
        owner_name: actor.name,
        name,
        is_shared: isShared,
        search: JSON.stringify(search),
        created_at: now(),
        updated_at: now(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, actor, {
      action: 'view.create',
      subjectId: row.id,
      details: { isShared, stateSha256: stateDigest(hasher, stateOf(row)) },
    });
    return viewOf(row, actor);
  });
}

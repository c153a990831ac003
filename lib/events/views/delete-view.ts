import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { ownView } from './view-of';

/** Removes a view of the person's. @throws AppError NOT_FOUND, FORBIDDEN for somebody else's. */
export async function deleteView({ db }: Context, { viewId, actor }: { viewId: string; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { is_shared: isShared } = await ownView(tx, actor, viewId);
    await tx.deleteFrom('views').where('id', '=', viewId).execute();
    await audit.append(tx, actor, { action: 'view.delete', subjectId: viewId, details: { isShared } });
  });
}

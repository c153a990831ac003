import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';

/** Ends a link at once. @throws AppError NOT_FOUND for one that is none, or was revoked. */
export async function revokeShareLink(
  ctx: Context,
  { linkId, actor }: { linkId: string; actor: Actor },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const revokedAt = ctx.now();
    const { numUpdatedRows } = await tx
      .updateTable('share_links')
      .set({ revoked_at: revokedAt, revoked_by: actor.name })
      .where('id', '=', linkId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new AppError('NOT_FOUND', 'no link of this id can be revoked', { linkId });
    await audit.append(tx, actor, {
      action: 'share-link.revoke',
      subjectId: linkId,
      details: { revokedAt: revokedAt.toISOString() },
    });
  });
}

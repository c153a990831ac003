import 'server-only';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { noteHidden } from '../../db/suppressed';
import type { Suppression } from '../../schemas/suppressions';
import { getSuppression } from './suppressions';
import { tellShown } from './tell-shown';

/** Ends a suppression before it expires: what it hid is in the queue again, and told of. One that has ended stays as it is. @throws AppError NOT_FOUND. */
export async function endSuppression(
  ctx: Context,
  { suppressionId, actor }: { suppressionId: string; actor: Actor },
): Promise<Suppression> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'findings', '');
    const row = await tx
      .selectFrom('suppressions')
      .select(['id', 'expires_at', 'ended_at'])
      .where('id', '=', suppressionId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('NOT_FOUND', 'no suppression has this id', { suppressionId });
    if (!(await endRow(tx, row, { actor, now: ctx.now() }))) return;
    await noteHidden(tx, [suppressionId]);
    const findings = await tellShown(tx, suppressionId, ctx.now());
    await audit.append(tx, actor, {
      action: 'suppression.end',
      subjectId: suppressionId,
      details: { findings },
    });
  });
  return getSuppression(ctx, { suppressionId });
}

/** False of one that is in force no more. */
export async function endRow(
  tx: Tx,
  { id, expires_at: expiresAt, ended_at: endedAt }: { id: string; expires_at: Date; ended_at: Date | null },
  { actor, now }: { actor: Actor; now: Date },
): Promise<boolean> {
  if (endedAt !== null || expiresAt <= now) return false;
  await tx
    .updateTable('suppressions')
    .set({ ended_at: now, ended_by_id: actor.id, ended_by: actor.name })
    .where('id', '=', id)
    .execute();
  return true;
}

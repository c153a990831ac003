import 'server-only';
import { sql } from 'kysely';
import type { Actor } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { announceFindings } from '../../db/announce';
import type { Tx } from '../../db/database';
import { lockUntilCommit } from '../../db/lock';
import { hideable, isHidden } from '../../db/suppressed';
import type { Suppression } from '../../schemas/suppressions';
import { getSuppression } from './suppressions';

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
    const shown = await tx
      .selectFrom('suppressed_findings as l')
      .innerJoin('findings as f', 'f.id', 'l.finding_id')
      .where('l.suppression_id', '=', suppressionId)
      .where('f.superseded_at', 'is', null)
      .where(hideable(sql.id('f')))
      .where(({ not }) => not(isHidden('f')))
      .select('f.id')
      .execute();
    await announceFindings(
      tx,
      shown.map(({ id }) => ({ id, grew: null })),
      ctx.now(),
    );
    await audit.append(tx, actor, {
      action: 'suppression.end',
      subjectId: suppressionId,
      details: { findings: shown.length },
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

import 'server-only';
import { WORKER } from '../../access/actor';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import { noteHidden } from '../../db/suppressed';
import { tellShown } from './tell-shown';

/** Tells of what is in the queue again since a suppression expired, once; that it is shown again needs nobody's doing. */
export async function tellExpired(ctx: Context): Promise<void> {
  const expired = await ctx.db
    .selectFrom('suppressions')
    .select('id')
    .where('ended_at', 'is', null)
    .where('told_at', 'is', null)
    .where('expires_at', '<=', ({ fn }) => fn<Date>('now'))
    .orderBy('id')
    .limit(100)
    .execute();
  for (const { id } of expired)
    await ctx.db.transaction().execute(async (tx) => {
      await lockUntilCommit(tx, 'findings', '');
      const { numUpdatedRows } = await tx
        .updateTable('suppressions')
        .set({ told_at: ctx.now() })
        .where('id', '=', id)
        .where('told_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      await noteHidden(tx, [id]);
      const shown = await tellShown(tx, id, ctx.now());
      await audit.append(tx, WORKER, { action: 'suppression.expire', subjectId: id, details: { shown } });
    });
}

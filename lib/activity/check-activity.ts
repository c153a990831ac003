import 'server-only';
import { sql } from 'kysely';
import { WORKER } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { fsck } from '../fsck/fsck';

/**
 * Compares the database with the chain of actions, as `fsck` does, once as much time has passed as the sweep over evidence takes from one pass to the next. How
 * many differences there are is noted, and `/api/health` says so until there are none.
 */
export async function checkActivity(ctx: Context, { everyMs }: { everyMs: number }): Promise<void> {
  const at = ctx.now();
  const { numUpdatedRows } = await ctx.db
    .updateTable('activity_carry')
    .set({ checked_at: at })
    .where((eb) => eb.or([eb('checked_at', 'is', null), eb('checked_at', '<', new Date(at.getTime() - everyMs))]))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return; // by another worker
  try {
    const { drifts } = await fsck(
      ctx,
      ({ what, expected, found }) =>
        ctx.log.error({ what, expected, found }, 'the database is not what the chain of actions says'),
      { only: ['activity', 'decisions'] },
    );
    await ctx.db.transaction().execute(async (tx) => {
      const { differences } = await tx
        .selectFrom('activity_carry')
        .select('differences')
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (differences === drifts) return;
      await tx.updateTable('activity_carry').set({ differences: drifts }).execute();
      const action = drifts > 0 ? 'activity.differ' : 'activity.agree';
      await audit.append(tx, WORKER, { action, subjectId: 'database', details: { differences: drifts } });
    });
  } catch (error) {
    await sql`UPDATE activity_carry SET checked_at = NULL`.execute(ctx.db);
    throw error;
  }
}

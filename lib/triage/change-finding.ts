import 'server-only';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { FindingDetail } from '../schemas/findings';
import type { FindingChange } from '../schemas/triage';
import { getFinding } from './findings';
import { CHANGEABLE, writeChanges } from './write-changes';

/** @throws AppError NOT_FOUND, BAD_REQUEST for an assignee who is nobody here or a verdict that has to stay. */
export async function changeFinding(
  ctx: Context,
  { findingId, change, actor }: { findingId: string; change: FindingChange; actor: Actor },
): Promise<FindingDetail> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('findings')
      .select(CHANGEABLE)
      .where('id', '=', findingId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
    await writeChanges(tx, [row], { change, actor, now: ctx.now() });
  });
  return getFinding(ctx, { findingId });
}

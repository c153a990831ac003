import 'server-only';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { FindingDetail } from '../schemas/findings';
import { getFinding } from './findings';
import { writeActs } from './write-changes';

/** Adds what somebody writes to the history of a finding. @throws AppError NOT_FOUND. */
export async function commentOn(
  ctx: Context,
  { findingId, text, actor }: { findingId: string; text: string; actor: Actor },
): Promise<FindingDetail> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('findings')
      .select(['id', 'record_count'])
      .where('id', '=', findingId)
      .forShare()
      .executeTakeFirst();
    if (!row) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
    await writeActs(tx, actor, ctx.now(), [
      { findingId, recordCount: row.record_count, changes: {}, comment: text, action: 'finding.comment', details: {} },
    ]);
  });
  return getFinding(ctx, { findingId });
}

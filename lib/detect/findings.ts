import 'server-only';
import type { z } from 'zod';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { findingsOf, withChains } from './query/findings';
import { findingsInFull } from './query/findings-in-full';
import type { Page } from '../schemas/common';
import type { Finding, FindingDetail, FindingStatus, FindingsQuery } from '../schemas/findings';

/** What rules found in the records as they stand, newest window first. */
export function listFindings(ctx: Context, query: z.output<typeof FindingsQuery>): Promise<Page<Finding>> {
  return findingsOf(ctx.db, query);
}

/** @throws AppError NOT_FOUND. */
export async function getFinding(ctx: Context, { findingId }: { findingId: string }): Promise<FindingDetail> {
  const row = await ctx.db.selectFrom('findings').selectAll().where('id', '=', findingId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
  const [detail] = await findingsInFull(ctx.db, await withChains(ctx.db, [row]));
  if (!detail) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
  return detail;
}

type Status = z.output<typeof FindingStatus>;
const ACTION = {
  open: 'finding.reopen',
  acknowledged: 'finding.acknowledge',
  closed: 'finding.close',
} as const satisfies Record<Status, string>;

/** @throws AppError NOT_FOUND. */
export async function setFindingStatus(
  ctx: Context,
  { findingId, status, actor }: { findingId: string; status: Status; actor: Actor },
): Promise<Finding> {
  await ctx.db.transaction().execute(async (tx) => {
    const before = await tx
      .selectFrom('findings')
      .select('status')
      .where('id', '=', findingId)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
    if (before.status === status) return;
    await tx.updateTable('findings').set({ status }).where('id', '=', findingId).execute();
    await audit.append(tx, actor, { action: ACTION[status], subjectId: findingId, details: { from: before.status } });
  });
  return getFinding(ctx, { findingId });
}

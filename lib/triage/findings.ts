import 'server-only';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { Db } from '../db/database';
import { type FindingsInput, countsByStatus, findingsOf, withChains } from '../detect/query/findings';
import { findingsInFull } from '../detect/query/findings-in-full';
import type { Page } from '../schemas/common';
import type { Finding, FindingDetail, FindingsFilter } from '../schemas/findings';
import type { FindingStatus } from '../schemas/triage';
import { historyOf } from './history';
import { relatedTo } from './related';
import { seenBefore } from './seen-before';

/** What rules found in the records as they stand, newest window first. */
export function listFindings(ctx: Context, query: FindingsInput): Promise<Page<Finding>> {
  return findingsOf(ctx.db, query);
}

/** How many findings of each status stand, narrowed by the rest; up to 1,000 of each are counted. */
export function countFindings(
  ctx: Context,
  filter: Omit<FindingsFilter, 'status'>,
): Promise<Record<FindingStatus, number>> {
  return countsByStatus(ctx.db, filter);
}

/** @throws AppError NOT_FOUND. */
export async function getFinding(ctx: Context, { findingId }: { findingId: string }): Promise<FindingDetail> {
  const row = await ctx.db.selectFrom('findings').selectAll().where('id', '=', findingId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
  const [[full], history, before, related, cases] = await Promise.all([
    withChains(ctx.db, [row]).then((found) => findingsInFull(ctx.db, found)),
    historyOf(ctx.db, findingId),
    seenBefore(ctx.db, row),
    relatedTo(ctx.db, row),
    casesWith(ctx.db, findingId),
  ]);
  if (!full) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
  return {
    ...full,
    supersededAt: row.superseded_at?.toISOString() ?? null,
    history,
    seenBefore: before,
    related,
    cases,
  };
}

/** The newest cases a finding is in. */
function casesWith(db: Db, findingId: string): Promise<FindingDetail['cases']> {
  return db
    .selectFrom('case_findings as l')
    .innerJoin('cases as c', 'c.id', 'l.case_id')
    .where('l.finding_id', '=', findingId)
    .select(['c.id', 'c.title', 'c.status'])
    .orderBy('c.id', 'desc')
    .limit(20)
    .execute();
}

import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import * as z from 'zod';
import { STATUSES } from '@/app/_components/triage/words';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { countFindings, getFinding, listFindings } from '@/lib/triage/findings';
import { triageTimes } from '@/lib/triage/times';
import { isOwnChain } from '@/lib/core/own-chain';
import { areOfActivity } from '@/lib/triage/of-activity';
import { hasRoleFor } from '@/lib/schemas/roles';
import { FindingSort } from '@/lib/schemas/findings';
import { Level, RequestedInstant, someOf } from '@/lib/schemas/common';
import { found, idOf, pageOf } from '../found';
import { type Search, one } from '../params';
import { FindingView } from './finding-view';
import { Hidden } from './_components/hidden';
import { NoFinding } from './_components/no-finding';
import { Queue } from './_components/queue';
import { QueueHead } from './_components/queue-head';
import { QueueSkeleton } from './_components/queue-skeleton';
import { StatusTabs } from './_components/status-tabs';
import { Waited } from './_components/waited';
import { Whose } from './_components/whose';

export const metadata = { title: 'Findings' };
/** What waits is counted over. */
const WAITED_MS = 30 * 86_400_000;
/** Findings of a status that are listed at once. */
const PAGE = 200;

/** Answers 404 for a finding that is not there, before anything of the page is sent. */
export default async function FindingsPage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  const params = await searchParams;
  const named = one(params['finding']);
  const chosen = named === undefined ? undefined : idOf(named);
  if (
    !hasRoleFor(person.role, 'activity') &&
    (isOwnChain(one(params['chain']) ?? null) || (chosen !== undefined && (await areOfActivity(ctx.db, [chosen]))))
  )
    notFound();
  if (chosen !== undefined) await found(getFinding(ctx, { findingId: chosen }));
  return (
    <Suspense
      key={JSON.stringify({ ...params, finding: undefined, records: undefined, order: undefined })}
      fallback={<QueueSkeleton />}
    >
      <Findings ctx={ctx} personId={person.id} params={params} chosen={chosen} />
    </Suspense>
  );
}

async function Findings({
  ctx,
  personId,
  params,
  chosen,
}: {
  ctx: Context;
  personId: string;
  params: Awaited<Search>;
  chosen: string | undefined;
}) {
  const { sort, status, narrowed, filter } = asked(params, personId);
  const [list, counts] = await Promise.all([
    pageOf(
      (cursor) => listFindings(ctx, { ...narrowed, status: [status], sort, limit: PAGE, cursor, total: 'none' }),
      one(params['cursor']),
    ),
    countFindings(ctx, narrowed),
  ]);
  const query = Object.fromEntries(
    Object.entries({ ...narrowed, level: narrowed.level?.join(','), status }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const shown = chosen ?? list.items[0]?.id ?? null;
  return (
    <>
      <h1 className="sr-only">Findings</h1>
      <StatusTabs counts={counts} current={status} filter={filter} />
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-1 text-xs">
        <Suspense fallback={<span />}>
          <HowLong ctx={ctx} />
        </Suspense>
        <div className="flex flex-wrap gap-x-4">
          <Whose personId={personId} status={status} filter={filter} />
          <Hidden status={status} filter={filter} />
        </div>
      </div>
      {list.items.length === 0 && !chosen ? (
        <NoFinding status={status} narrowed={filter.size > 0} />
      ) : (
        <Queue
          key={status}
          findings={list.items}
          chosen={chosen ?? null}
          shown={shown}
          status={status}
          personId={personId}
          all={{ query, expected: counts[status] }}
          older={
            list.nextCursor &&
            `/findings?${new URLSearchParams([['status', status], ...filter, ['sort', sort], ['cursor', list.nextCursor]])}`
          }
          head={
            <QueueHead
              shown={list.items.length}
              total={counts[status]}
              sort={sort}
              hrefOf={(order) => `/findings?${new URLSearchParams([['status', status], ...filter, ['sort', order]])}`}
            />
          }
        >
          {shown && (
            <Suspense key={shown} fallback={<Skeleton className="m-4 h-96" />}>
              <FindingView ctx={ctx} personId={personId} findingId={shown} here={addressOf(params)} />
            </Suspense>
          )}
        </Queue>
      )}
    </>
  );
}

/** How long findings waited, which the list does not wait for. */
async function HowLong({ ctx }: { ctx: Context }) {
  const now = ctx.now().getTime();
  const period = { from: new Date(now - WAITED_MS).toISOString(), to: new Date(now + 1).toISOString() };
  return <Waited times={await triageTimes(ctx, period)} />;
}

/** What the address asks for: an order, a status, and what the list is narrowed by, as the API and as addresses of the page say it. */
function asked(params: Awaited<Search>, personId: string) {
  const whose = one(params['assignee'])?.slice(0, 100) || undefined;
  const narrowed = {
    level: someOf(Level.options).safeParse(one(params['level'])).data,
    ruleId: z.guid().safeParse(one(params['rule'])).data,
    assigneeId: whose === 'me' ? personId : whose,
    suppressed: one(params['suppressed']) === 'only' ? ('only' as const) : undefined,
    suppressionId: z.uuid().safeParse(one(params['suppression'])).data,
    chainId: z.uuid().safeParse(one(params['chain'])).data,
    from: RequestedInstant.safeParse(one(params['from'])).data,
    to: RequestedInstant.safeParse(one(params['to'])).data,
    foundFrom: RequestedInstant.safeParse(one(params['foundFrom'])).data,
    foundTo: RequestedInstant.safeParse(one(params['foundTo'])).data,
  };
  const filter = new URLSearchParams({
    ...(narrowed.level && { level: narrowed.level.join(',') }),
    ...(narrowed.ruleId && { rule: narrowed.ruleId }),
    ...(narrowed.assigneeId && { assignee: narrowed.assigneeId }),
    ...(narrowed.suppressed && { suppressed: narrowed.suppressed }),
    ...(narrowed.suppressionId && { suppression: narrowed.suppressionId }),
    ...(narrowed.chainId && { chain: narrowed.chainId }),
    ...(narrowed.from && { from: narrowed.from }),
    ...(narrowed.to && { to: narrowed.to }),
    ...(narrowed.foundFrom && { foundFrom: narrowed.foundFrom }),
    ...(narrowed.foundTo && { foundTo: narrowed.foundTo }),
  });
  return {
    sort: FindingSort.safeParse(one(params['sort'])).data ?? '-window',
    status: STATUSES.find((known) => known === one(params['status'])) ?? 'new',
    narrowed,
    filter,
  };
}

/** The page's own address, as far as its parameters go. */
function addressOf(params: Awaited<Search>): string {
  return new URLSearchParams(
    Object.entries(params).flatMap(([name, value]): [string, string][] => {
      const first = one(value);
      return first === undefined ? [] : [[name, first]];
    }),
  ).toString();
}

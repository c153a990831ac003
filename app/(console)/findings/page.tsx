import { Suspense } from 'react';
import * as z from 'zod';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { getFinding, listFindings } from '@/lib/detect/findings';
import { FindingSort } from '@/lib/schemas/findings';
import { Level, RequestedInstant, someOf } from '@/lib/schemas/common';
import { found, idOf, pageOf } from '../found';
import { type Search, one } from '../params';
import { FindingView } from './finding-view';
import { NoFinding } from './_components/no-finding';
import { Queue } from './_components/queue';
import { QueueHead } from './_components/queue-head';
import { QueueSkeleton } from './_components/queue-skeleton';
import { StatusTabs } from './_components/status-tabs';

export const metadata = { title: 'Findings' };
const STATUSES = ['open', 'acknowledged', 'closed'] as const;
/** Findings of a status that are listed at once. */
const PAGE = 200;

/** Answers 404 for a finding that is not there, before anything of the page is sent. */
export default async function FindingsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const named = one(params['finding']);
  const chosen = named === undefined ? undefined : idOf(named);
  if (chosen !== undefined) await found(getFinding(ctx, { findingId: chosen }));
  return (
    <Suspense key={JSON.stringify({ ...params, finding: undefined })} fallback={<QueueSkeleton />}>
      <Findings ctx={ctx} params={params} chosen={chosen} />
    </Suspense>
  );
}

async function Findings({
  ctx,
  params,
  chosen,
}: {
  ctx: Context;
  params: Awaited<Search>;
  chosen: string | undefined;
}) {
  const sort = FindingSort.safeParse(one(params['sort'])).data ?? '-window';
  const narrowed = {
    level: someOf(Level.options).safeParse(one(params['level'])).data,
    ruleId: z.guid().safeParse(one(params['rule'])).data,
    chainId: z.uuid().safeParse(one(params['chain'])).data,
    from: RequestedInstant.safeParse(one(params['from'])).data,
    to: RequestedInstant.safeParse(one(params['to'])).data,
    sort,
    limit: PAGE,
  };
  const read = (status: (typeof STATUSES)[number], cursor?: string) => {
    return pageOf((at) => listFindings(ctx, { ...narrowed, status: [status], cursor: at }), cursor);
  };
  const filter = new URLSearchParams({
    ...(narrowed.level && { level: narrowed.level.join(',') }),
    ...(narrowed.ruleId && { rule: narrowed.ruleId }),
    ...(narrowed.chainId && { chain: narrowed.chainId }),
    ...(narrowed.from && { from: narrowed.from }),
    ...(narrowed.to && { to: narrowed.to }),
  });
  const status = STATUSES.find((known) => known === one(params['status'])) ?? 'open';
  const pages = await Promise.all(
    STATUSES.map((each) => read(each, each === status ? one(params['cursor']) : undefined)),
  );
  const counts = STATUSES.map((each, at) => ({ status: each, count: pages[at]?.total ?? 0 }));
  const list = pages[STATUSES.indexOf(status)] ?? { items: [], nextCursor: null, total: 0 };
  const shown = chosen ?? list.items[0]?.id ?? null;
  return (
    <>
      <h1 className="sr-only">Findings</h1>
      <StatusTabs counts={counts} current={status} filter={filter} />
      {list.items.length === 0 && !chosen ? (
        <NoFinding status={status} narrowed={filter.size > 0} />
      ) : (
        <Queue
          key={status}
          findings={list.items}
          chosen={chosen ?? null}
          shown={shown}
          status={status}
          older={
            list.nextCursor &&
            `/findings?${new URLSearchParams([['status', status], ...filter, ['sort', sort], ['cursor', list.nextCursor]])}`
          }
          head={
            <QueueHead
              shown={list.items.length}
              total={list.total ?? list.items.length}
              sort={sort}
              hrefOf={(order) => `/findings?${new URLSearchParams([['status', status], ...filter, ['sort', order]])}`}
            />
          }
        >
          {shown && (
            <Suspense key={shown} fallback={<Skeleton className="m-4 h-96" />}>
              <FindingView ctx={ctx} findingId={shown} />
            </Suspense>
          )}
        </Queue>
      )}
    </>
  );
}

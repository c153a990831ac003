import { Suspense } from 'react';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { page } from '@/app/_server/page';
import { listFindings } from '@/lib/detect/findings';
import { FindingsQuery } from '@/lib/schemas/findings';
import { found } from '../found';
import { type Search, one } from '../params';
import { FindingView } from './finding-view';
import { NoFinding } from './_components/no-finding';
import { Queue } from './_components/queue';
import { StatusTabs } from './_components/status-tabs';

export const metadata = { title: 'Findings' };
const STATUSES = ['open', 'acknowledged', 'closed'] as const;
/** Findings of a status that are counted and listed at once. */
const PAGE = 200;

export default async function FindingsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const chosen = one(params['finding']);
  const narrowed = { level: one(params['level']) || undefined, chainId: one(params['chain']) || undefined, limit: PAGE };
  const read = (status: (typeof STATUSES)[number], cursor?: string) => {
    const query = FindingsQuery.safeParse({ ...narrowed, status, cursor });
    return found(listFindings(ctx, query.success ? query.data : { status, limit: PAGE }));
  };
  const status = STATUSES.find((known) => known === one(params['status'])) ?? 'open';
  const pages = await Promise.all(STATUSES.map((each) => read(each, each === status ? one(params['cursor']) : undefined)));
  const counts = STATUSES.map((each, at) => ({ status: each, count: pages[at]?.total ?? pages[at]?.items.length ?? 0, more: pages[at]?.total === undefined && (pages[at]?.nextCursor ?? null) !== null }));
  const list = pages[STATUSES.indexOf(status)] ?? { items: [], nextCursor: null };
  const shown = chosen ?? list.items[0]?.id ?? null;
  return (
    <>
      <h1 className="sr-only">Findings</h1>
      <StatusTabs counts={counts} current={status} params={{ level: narrowed.level, chain: narrowed.chainId }} />
      {list.items.length === 0 && !chosen ? (
        <NoFinding status={status} narrowed={narrowed.level !== undefined || narrowed.chainId !== undefined} />
      ) : (
        <Queue key={status} findings={list.items} chosen={chosen ?? null} shown={shown} status={status} nextCursor={list.nextCursor}>
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

import { Download, History } from 'lucide-react';
import { notFound } from 'next/navigation';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { ChainRibbon } from '@/app/_components/ribbon/chain-ribbon';
import { Time } from '@/app/_components/time/time';
import { ButtonLink, buttonClass } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { PageHead } from '@/app/_components/ui/page-head';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { page } from '@/app/_server/page';
import { activityChain } from '@/lib/activity/activity-chain';
import { listActivity } from '@/lib/activity/list-activity';
import type { Context } from '@/lib/context';
import { OWN_CHAIN } from '@/lib/core/own-chain';
import { ActivityQuery } from '@/lib/schemas/activity';
import type { ChainDetail } from '@/lib/schemas/chains';
import { hasRoleFor } from '@/lib/schemas/roles';
import { pageOf } from '../found';
import { type Search, one } from '../params';
import { ribbonParts } from '../ribbon-parts';
import { ActivityFilters, FILTERS, type Filters } from './_components/activity-filters';
import { ActivityLive } from './_components/activity-live';
import { ActivityTable } from './_components/activity-table';

export const metadata = { title: 'Activity' };
const PAGE = 50;

/** Who did what, of those who may know. */
export default async function ActivityPage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  if (!hasRoleFor(person.role, 'activity')) notFound();
  const params = await searchParams;
  const filters: Filters = Object.fromEntries(FILTERS.map((name) => [name, one(params[name]) || undefined]));
  const query = ActivityQuery.safeParse({
    ...filters,
    from: filters.from && `${filters.from}T00:00:00Z`,
    to: filters.to && `${filters.to}T00:00:00Z`,
    limit: PAGE,
  }).data ?? { limit: PAGE };
  const [{ chain, waiting }, { items, nextCursor, total = 0 }] = await Promise.all([
    activityChain(ctx),
    pageOf((cursor) => listActivity(ctx, { ...query, cursor }), one(params['cursor'])),
  ]);
  return (
    <>
      <PageHead
        title="Activity"
        lead={<Lead chain={chain} waiting={waiting} />}
        actions={
          chain && (
            <>
              <ButtonLink href={`/findings?chain=${chain.id}`}>Findings</ButtonLink>
              <ButtonLink href={`/chains/${chain.id}`}>Open the chain</ButtonLink>
              <a href={`/api/v1/chains/${chain.id}/bytes`} download className={buttonClass('plain')}>
                <Download size={14} aria-hidden />
                Download
              </a>
            </>
          )
        }
      />
      {chain && <Ribbon ctx={ctx} chain={chain} />}
      <ActivityFilters filters={filters} />
      {items.length === 0 ? (
        <div className="card">
          <Empty icon={<History size={20} />} title="No action like this">
            Every change that a person, a token or Sealtrail itself makes stands here, with its place in a hash-chained
            log.
          </Empty>
        </div>
      ) : (
        <>
          <div className="mb-2 flex justify-end">
            <ExportCsv href={`/api/v1/activity.csv?${csvQuery(query)}`} rows={total} />
          </div>
          <ActivityTable lines={items} chainId={OWN_CHAIN.id} />
        </>
      )}
      <ListFoot
        shown={items.length}
        total={total}
        noun="action"
        order="newest first"
        {...pageLinks('/activity', params, nextCursor)}
      />
    </>
  );
}

function Lead({ chain, waiting }: { chain: ChainDetail | null; waiting: number }) {
  return (
    <>
      {chain ? (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <VerdictMark verdict={chain.verdict} />
          {chain.sentence}
          {chain.firstRecordedAt && (
            <span>
              Activity since <Time at={chain.firstRecordedAt} />.
            </span>
          )}
        </span>
      ) : (
        'Nothing is in evidence yet: the worker carries what was done there every second.'
      )}
      {waiting > 0 && ` ${waiting === 1 ? 'One action waits' : `${waiting} actions wait`} to be carried into evidence.`}
    </>
  );
}

async function Ribbon({ ctx, chain }: { ctx: Context; chain: ChainDetail }) {
  const parts = await ribbonParts(ctx, chain.id);
  return (
    <section aria-label="Ribbon" className="-mx-3 mb-4 [--ribbon-ground:var(--color-paper)]">
      <ActivityLive chainId={chain.id} />
      <ChainRibbon chain={chain} {...parts} slim />
    </section>
  );
}

function csvQuery(query: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  return new URLSearchParams(
    FILTERS.flatMap((name) => {
      const value = query[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}

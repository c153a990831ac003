import { Only } from '@/app/_components/access/role';
import type { z } from 'zod';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { ButtonLink } from '@/app/_components/ui/button';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { PageHead } from '@/app/_components/ui/page-head';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { UploadButton } from '@/app/_components/upload/upload-button';
import { page } from '@/app/_server/page';
import { listChains } from '@/lib/chains/chains';
import { ChainSort, type ChainsQuery, WaitingStage } from '@/lib/schemas/chains';
import { RequestedText, ChainVerdict, FormatId, someOf } from '@/lib/schemas/common';
import { pageOf } from '../../found';
import { type Search, one } from '../../params';
import { brokenParts } from '../../ribbon-parts';
import { ChainFilters } from '../_components/chain-filters';
import { ChainsTable } from '../_components/chains-table';
import { NoChains } from '../_components/no-chains';

export const metadata = { title: 'Chains' };
const PAGE = 50;
type ChainsListQuery = z.output<typeof ChainsQuery>;

export default async function ChainsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const sort = ChainSort.safeParse(one(params['sort'])).data ?? '-created';
  const query: ChainsListQuery = {
    q: RequestedText.safeParse(one(params['q']) || undefined).data,
    verdict: someOf(ChainVerdict.options).safeParse(one(params['verdict'])).data,
    format: someOf(FormatId.options).safeParse(one(params['format'])).data,
    waiting: someOf(WaitingStage.options).safeParse(one(params['waiting'])).data,
    sort,
    limit: PAGE,
  };
  const cursor = one(params['cursor']);
  const filtered = Boolean(query.q || query.verdict?.length || query.format || query.waiting);
  const { items, nextCursor, total = 0 } = await pageOf((at) => listChains(ctx, { ...query, cursor: at }), cursor);
  const working = items.some(({ verdict, failure }) => verdict === 'pending' && !failure);
  const parts = await brokenParts(ctx, items);
  const pages = pageLinks('/chains', params, nextCursor);
  return (
    <>
      <LiveRefresh active={working || items.some(({ tail }) => tail !== null)} everyMs={working ? 2_000 : 5_000} />
      <PageHead
        title="Chains"
        lead="Every audit log stored here, each with what checking it gave."
        actions={
          <>
            {items.length > 0 && <ExportCsv href={`/api/v1/chains.csv?${filterOf(query)}`} rows={total} />}
            <Only need="ingest">
              <ButtonLink href="/chains/new">Add a source</ButtonLink>
            </Only>
            <UploadButton />
          </>
        }
      />
      <ChainFilters />
      {items.length === 0 ? (
        <NoChains filtered={filtered} url={ctx.env.publicUrl} />
      ) : (
        <>
          <ChainsTable chains={items} parts={parts} sort={sort} />
          <ListFoot
            shown={items.length}
            total={total}
            noun="chain"
            order={sort === '-created' ? 'newest first' : undefined}
            {...pages}
          />
        </>
      )}
    </>
  );
}

/** What the list is narrowed by, as an address writes it. */
function filterOf({ q, verdict, format, waiting, sort }: ChainsListQuery): URLSearchParams {
  return new URLSearchParams({
    ...(q && { q }),
    ...(verdict && { verdict: verdict.join(',') }),
    ...(format && { format: format.join(',') }),
    ...(waiting && { waiting: waiting.join(',') }),
    ...(sort && sort !== '-created' && { sort }),
  });
}

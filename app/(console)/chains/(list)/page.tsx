import Link from 'next/link';
import type { z } from 'zod';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { ButtonLink } from '@/app/_components/ui/button';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { PageHead } from '@/app/_components/ui/page-head';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { UploadButton } from '@/app/_components/upload/upload-button';
import { page } from '@/app/_server/page';
import { listChains } from '@/lib/chains/chains';
import { type ChainsQuery, WaitingStage } from '@/lib/schemas/chains';
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
  const query: ChainsListQuery = {
    q: RequestedText.safeParse(one(params['q']) || undefined).data,
    verdict: someOf(ChainVerdict.options).safeParse(one(params['verdict'])).data,
    format: someOf(FormatId.options).safeParse(one(params['format'])).data,
    waiting: someOf(WaitingStage.options).safeParse(one(params['waiting'])).data,
    limit: PAGE,
  };
  const cursor = one(params['cursor']);
  const filtered = Boolean(query.q || query.verdict?.length || query.format || query.waiting);
  const { items, nextCursor, total = 0 } = await pageOf((at) => listChains(ctx, { ...query, cursor: at }), cursor);
  const working = items.some(({ verdict, failure }) => verdict === 'pending' && !failure);
  const parts = await brokenParts(ctx, items);
  const next = new URLSearchParams(
    Object.entries(params).flatMap(([key, value]) =>
      key === 'cursor' || value === undefined ? [] : [[key, one(value) ?? '']],
    ),
  );
  if (nextCursor) next.set('cursor', nextCursor);
  return (
    <>
      <LiveRefresh active={working || items.some(({ tail }) => tail !== null)} everyMs={working ? 2_000 : 5_000} />
      <PageHead
        title="Chains"
        lead="Every audit log stored here, each with what checking it gave."
        actions={
          <>
            {items.length > 0 && <ExportCsv href={`/api/v1/chains.csv?${filterOf(query)}`} rows={total} />}
            <ButtonLink href="/chains/new">Add a source</ButtonLink>
            <UploadButton />
          </>
        }
      />
      <ChainFilters />
      {items.length === 0 ? (
        <NoChains filtered={filtered} url={ctx.env.publicUrl} />
      ) : (
        <ChainsTable chains={items} parts={parts} />
      )}
      <nav aria-label="Pages of chains" className="no-print mt-3 flex items-center justify-between text-xs text-muted">
        <span>
          {items.length > 0 &&
            `${formatCount(items.length)} of ${formatNoun(total, 'chain')} on this page, newest first`}
        </span>
        <span className="flex gap-4">
          {cursor && (
            <Link className="link" href="/chains">
              Back to the newest
            </Link>
          )}
          {nextCursor && (
            <Link className="link" href={`/chains?${next}`}>
              Older chains
            </Link>
          )}
        </span>
      </nav>
    </>
  );
}

/** What the list is narrowed by, as an address writes it. */
function filterOf({ q, verdict, format, waiting }: ChainsListQuery): URLSearchParams {
  return new URLSearchParams({
    ...(q && { q }),
    ...(verdict && { verdict: verdict.join(',') }),
    ...(format && { format: format.join(',') }),
    ...(waiting && { waiting: waiting.join(',') }),
  });
}

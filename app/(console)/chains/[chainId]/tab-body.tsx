import { pageOf } from '@/app/(console)/found';
import { one } from '@/app/(console)/params';
import type { RibbonParts } from '@/app/(console)/ribbon-parts';
import { pageLinks } from '@/app/_components/list/page-links';
import { listAttestations } from '@/lib/attest/attestations';
import { getCoverage } from '@/lib/attest/policy/coverage';
import { policyOf } from '@/lib/attest/policy/policy';
import { listRequests } from '@/lib/attest/requests/list';
import type { Context } from '@/lib/context';
import { listHeads } from '@/lib/chains/heads';
import { listSegments } from '@/lib/chains/segments';
import { listUploads } from '@/lib/chains/uploads';
import { AttestationSort } from '@/lib/schemas/attestations';
import { type ChainDetail, HeadSort } from '@/lib/schemas/chains';
import type { TableColumn } from '@/lib/schemas/preferences';
import type { Sidecar } from '@/lib/schemas/sidecars';
import { UploadSort } from '@/lib/schemas/uploads';
import { AttestationsTab } from './_components/attestations-tab';
import { ConnectTab } from './_components/connect-tab';
import { HeadsTab } from './_components/heads-tab';
import { ProblemsTab } from './_components/problems-tab';
import { RecordsTab } from './_components/lazy-parts';
import { SegmentsTab } from './_components/segments-tab';
import { SidecarsTab } from './_components/sidecars-tab';
import type { ChainTab } from './_components/tab-bar';
import { UploadsTable } from './_components/uploads-table';

type Props = {
  ctx: Context;
  chain: ChainDetail;
  parts: RibbonParts;
  sidecars: readonly Sidecar[];
  tab: ChainTab;
  liked: TableColumn[] | null;
  search: Record<string, string | string[] | undefined>;
};

/** Segments of one page. */
const SEGMENTS = 500;

export async function TabBody({ ctx, chain, parts, sidecars, tab, liked, search }: Props) {
  switch (tab) {
    case 'records':
      return <RecordsTab chain={chain} heads={parts.heads} liked={liked} />;
    case 'problems':
      return <ProblemsTab chain={chain} />;
    case 'segments':
      return <Segments ctx={ctx} chain={chain} parts={parts} search={search} />;
    case 'attestations':
      return <AttestationsTab chain={chain} {...(await attested(ctx, chain.id, search))} />;
    case 'sidecars':
      return <SidecarsTab chain={chain} sidecars={sidecars} asked={one(search['sort'])} />;
    case 'heads':
      return <Heads ctx={ctx} chain={chain} search={search} />;
    case 'connect':
      return <ConnectTab chain={chain} url={ctx.env.publicUrl} />;
  }
}

type PartProps = Pick<Props, 'ctx' | 'chain' | 'search'>;

/** The first of them are the ribbon's; of a chain of more the address may ask for others. */
async function Segments({ ctx, chain, parts, search }: PartProps & Pick<Props, 'parts'>) {
  const after = one(search['after']);
  const { items, nextCursor } =
    after === undefined && parts.segments.length === chain.segments
      ? { items: parts.segments, nextCursor: null }
      : await pageOf((cursor) => listSegments(ctx, { chainId: chain.id, cursor, limit: SEGMENTS }), after);
  return (
    <SegmentsTab
      chain={chain}
      segments={items}
      pages={pageLinks(`/chains/${chain.id}`, search, nextCursor, 'after')}
      asked={one(search['sort'])}
      chosen={ordinal(one(search['segment']))}
    />
  );
}

async function Heads({ ctx, chain, search }: PartProps) {
  const sort = HeadSort.safeParse(one(search['sort'])).data ?? '-seen';
  const uploadSort = UploadSort.safeParse(one(search['uploads'])).data ?? '-received';
  const [heads, uploads] = await Promise.all([
    pageOf(
      (cursor) => listHeads(ctx, { chainId: chain.id, sort, cursor, limit: 200, withTotal: true }),
      one(search['before']),
    ),
    pageOf(
      (cursor) => listUploads(ctx, { chainId: chain.id, sort: uploadSort, cursor, limit: 100 }),
      one(search['sentBefore']),
    ),
  ]);
  const path = `/chains/${chain.id}`;
  return (
    <>
      <HeadsTab
        chain={chain}
        heads={heads.items}
        sort={sort}
        pages={pageLinks(path, search, heads.nextCursor, 'before')}
        total={heads.total ?? heads.items.length}
        uploaded={uploads.items.length > 0}
      />
      <UploadsTable
        chain={chain}
        uploads={uploads.items}
        sort={uploadSort}
        pages={pageLinks(path, search, uploads.nextCursor, 'sentBefore')}
        total={uploads.total ?? uploads.items.length}
      />
    </>
  );
}

async function attested(ctx: Context, chainId: string, search: Props['search']) {
  const sort = AttestationSort.safeParse(one(search['sort'])).data ?? '-signed';
  const [attestations, waiting, failed, coverage, policy] = await Promise.all([
    pageOf((cursor) => listAttestations(ctx, { chainId, sort, cursor, limit: 100 }), one(search['signedBefore'])),
    listRequests(ctx, { chainId, state: ['waiting'], limit: 20 }),
    listRequests(ctx, { chainId, state: ['failed'], limit: 20 }),
    getCoverage(ctx, { chainId }),
    policyOf(ctx, { chainId }),
  ]);
  return {
    attestations: attestations.items,
    total: attestations.total ?? attestations.items.length,
    sort,
    pages: pageLinks(`/chains/${chainId}`, search, attestations.nextCursor, 'signedBefore'),
    requests: [...waiting.items, ...failed.items],
    requestsSort: one(search['requests']),
    coverage,
    policy,
  };
}

function ordinal(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

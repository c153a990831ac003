import { pageOf } from '@/app/(console)/found';
import { one } from '@/app/(console)/params';
import type { RibbonParts } from '@/app/(console)/ribbon-parts';
import { listAttestations } from '@/lib/attest/attestations';
import { getCoverage } from '@/lib/attest/policy/coverage';
import { policyOf } from '@/lib/attest/policy/policy';
import { listRequests } from '@/lib/attest/requests/list';
import type { Context } from '@/lib/context';
import { listHeads } from '@/lib/chains/heads';
import { listUploads } from '@/lib/chains/uploads';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { TableColumn } from '@/lib/schemas/preferences';
import type { Sidecar } from '@/lib/schemas/sidecars';
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

export async function TabBody({ ctx, chain, parts, sidecars, tab, liked, search }: Props) {
  switch (tab) {
    case 'records':
      return <RecordsTab chain={chain} heads={parts.heads} liked={liked} />;
    case 'problems':
      return <ProblemsTab chain={chain} />;
    case 'segments':
      return <SegmentsTab chain={chain} segments={parts.segments} chosen={ordinal(one(search['segment']))} />;
    case 'attestations':
      return <AttestationsTab chain={chain} {...(await attested(ctx, chain.id))} />;
    case 'sidecars':
      return <SidecarsTab chain={chain} sidecars={sidecars} />;
    case 'heads': {
      const [heads, uploads] = await Promise.all([
        pageOf(
          (cursor) => listHeads(ctx, { chainId: chain.id, cursor, limit: 200, withTotal: true }),
          one(search['before']),
        ),
        pageOf((cursor) => listUploads(ctx, { chainId: chain.id, cursor, limit: 100 }), one(search['sentBefore'])),
      ]);
      return (
        <>
          <HeadsTab
            chain={chain}
            heads={heads.items}
            older={heads.nextCursor}
            total={heads.total ?? heads.items.length}
            uploaded={uploads.items.length > 0}
          />
          <UploadsTable
            chain={chain}
            uploads={uploads.items}
            older={uploads.nextCursor}
            total={uploads.total ?? uploads.items.length}
          />
        </>
      );
    }
    case 'connect':
      return <ConnectTab chain={chain} url={ctx.env.publicUrl} />;
  }
}

async function attested(ctx: Context, chainId: string) {
  const [attestations, waiting, failed, coverage, policy] = await Promise.all([
    listAttestations(ctx, { chainId, limit: 100 }),
    listRequests(ctx, { chainId, state: ['waiting'], limit: 20 }),
    listRequests(ctx, { chainId, state: ['failed'], limit: 20 }),
    getCoverage(ctx, { chainId }),
    policyOf(ctx, { chainId }),
  ]);
  return { attestations: attestations.items, requests: [...waiting.items, ...failed.items], coverage, policy };
}

function ordinal(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

import { one } from '@/app/(console)/params';
import type { RibbonParts } from '@/app/(console)/ribbon-parts';
import { listAttestations } from '@/lib/attest/attestations';
import type { Context } from '@/lib/context';
import { listHeads } from '@/lib/report/heads';
import type { ChainDetail } from '@/lib/schemas/chains';
import { AttestationsTab } from './_components/attestations-tab';
import { ConnectTab } from './_components/connect-tab';
import { HeadsTab } from './_components/heads-tab';
import { ProblemsTab } from './_components/problems-tab';
import { RecordsTab } from './_components/records-tab';
import { SegmentsTab } from './_components/segments-tab';
import type { ChainTab } from './_components/tab-bar';

type Props = { ctx: Context; chain: ChainDetail; parts: RibbonParts; tab: ChainTab; search: Record<string, string | string[] | undefined> };

export async function TabBody({ ctx, chain, parts, tab, search }: Props) {
  switch (tab) {
    case 'records':
      return <RecordsTab chain={chain} />;
    case 'problems':
      return <ProblemsTab chain={chain} />;
    case 'segments':
      return <SegmentsTab chain={chain} segments={parts.segments} chosen={ordinal(one(search['segment']))} />;
    case 'attestations':
      return <AttestationsTab chain={chain} attestations={(await listAttestations(ctx, { chainId: chain.id, limit: 100 })).items} />;
    case 'heads': {
      const heads = await listHeads(ctx, { chainId: chain.id, cursor: one(search['before']), limit: 200 });
      return <HeadsTab chain={chain} heads={heads.items} older={heads.nextCursor} />;
    }
    case 'connect':
      return <ConnectTab chain={chain} url={ctx.env.publicUrl} />;
  }
}

function ordinal(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

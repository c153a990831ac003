import { Hourglass } from 'lucide-react';
import { ChainRibbon } from '@/app/_components/ribbon/chain-ribbon';
import { Empty } from '@/app/_components/ui/empty';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { UploadTarget } from '@/app/_components/upload/provider';
import { holds } from '@/app/_components/verdict/verdicts';
import { page } from '@/app/_server/page';
import { SIDECAR_FILES } from '@/lib/schemas/formats';
import { preferenceOf } from '@/lib/access/preferences';
import { getChain, nameOfChain } from '@/lib/chains/chains';
import { standingOfChain } from '@/lib/attest/standing-of-chain';
import { listSidecars } from '@/lib/chains/sidecars';
import { isOwnChain } from '@/lib/core/own-chain';
import { chainRetention } from '@/lib/retention/list-retention';
import { found, idOf } from '../../found';
import { type Search, one } from '../../params';
import { ribbonParts } from '../../ribbon-parts';
import { ChainHead } from './_components/chain-head';
import { ChainDetails } from './_components/chain-details';
import { PeriodSummary } from './_components/period-summary';
import { RetentionNotice } from './_components/retention-notice';
import { type ChainTab, TABS, TabBar } from './_components/tab-bar';
import { WholeLog } from './_components/whole-log';
import { summaryOf, summaryPeriod } from './summary-period';
import { TabBody } from './tab-body';

type Props = { params: Promise<{ chainId: string }>; searchParams: Search };

export async function generateMetadata({ params }: Props) {
  const { ctx } = await page();
  return { title: await found(nameOfChain(ctx, { chainId: idOf((await params).chainId) })) };
}

export default async function ChainPage({ params, searchParams }: Props) {
  const { ctx, person } = await page();
  const chainId = idOf((await params).chainId);
  const search = await searchParams;
  const [chain, retention, parts, sidecars, signed, { columns: liked }] = await Promise.all([
    found(getChain(ctx, { chainId })),
    isOwnChain(chainId) ? null : found(chainRetention(ctx, { chainId })),
    found(ribbonParts(ctx, chainId)),
    found(listSidecars(ctx, { chainId, limit: 500 })),
    standingOfChain(ctx, chainId),
    preferenceOf(ctx, person.id, 'record-columns'),
  ]);
  // a broken chain opens on what broke it
  const opening: ChainTab = holds(chain.verdict) || chain.problemsTotal === 0 ? 'records' : 'problems';
  const tab = TABS.find(({ id }) => id === one(search['tab']))?.id ?? opening;
  const period = summaryPeriod(one(search['from']), one(search['to']));
  const summary = period && chain.verdict !== 'pending' ? await summaryOf(ctx, chainId, period) : null;
  const working =
    !chain.failure &&
    !chain.deleted &&
    (chain.verdict === 'pending' ||
      chain.progress.loaded < chain.records ||
      chain.signable === 'working' ||
      chain.queue !== null);
  return (
    <>
      {!chain.sealedAt && <UploadTarget chain={chain.name} />}
      <LiveRefresh active={working} />
      <ChainHead chain={chain} signed={signed} />
      {retention && <RetentionNotice retention={retention} />}
      {(parts.segments.length > 0 || chain.tail) && (
        <section aria-label="Ribbon" className="-mx-3 [--ribbon-ground:var(--color-paper)]">
          <ChainRibbon chain={chain} {...parts} height={24} slim />
        </section>
      )}
      <ChainDetails chain={chain} open={period !== null}>
        <WholeLog chain={chain} />
        <PeriodSummary chain={chain} period={period} summary={summary} tab={tab} />
      </ChainDetails>
      <TabBar
        chain={chain}
        current={tab}
        heads={parts.heads.length}
        sidecars={SIDECAR_FILES[chain.format] ? sidecars.items.length : null}
      />
      {chain.deleted && tab === 'records' ? (
        <div className="card mt-3">
          <Empty icon={<Hourglass size={20} />} title="The records were deleted">
            Their digests stand under Segments, what was found of them under Problems, what was signed under
            Attestations.
          </Empty>
        </div>
      ) : (
        <TabBody
          ctx={ctx}
          chain={chain}
          parts={parts}
          sidecars={sidecars.items}
          tab={tab}
          liked={liked}
          search={search}
        />
      )}
    </>
  );
}

import { Suspense } from 'react';
import { resolvePeriod } from '@/app/_components/format/period';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { page } from '@/app/_server/page';
import { getHappened, getStanding } from '@/lib/ops/overview';
import type { Period } from '@/lib/schemas/common';
import type { Happened } from '@/lib/schemas/reports';
import { type Search, one } from '../params';
import { ribbonParts } from '../ribbon-parts';
import { Activity } from './_components/activity';
import { Attention } from './_components/attention';
import { Change } from './_components/change';
import { FirstSteps } from './_components/first-steps';
import { Ingest } from './_components/ingest';
import { OpenFindings } from './_components/open-findings';
import { Signed } from './_components/signed';
import { Standing } from './_components/standing';
import { Stuck } from './_components/stuck';
import { Top } from './_components/top';

export const metadata = { title: 'Overview' };

/** What stands comes first; what happened is counted in the lake and follows, in the room that is kept for it. */
export default async function OverviewPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const { from, to } = resolvePeriod(
    { period: one(params['period']), from: one(params['from']), to: one(params['to']) },
    Date.now(),
  );
  const period = { from, to };
  const standing = await getStanding(ctx);
  if (standing.chains === 0) return <FirstSteps url={ctx.env.publicUrl} />;
  const happened = getHappened(ctx, period);
  const parts = await Promise.all(standing.attention.map(({ id }) => ribbonParts(ctx, id)));
  return (
    <>
      <LiveRefresh active={(standing.byVerdict.pending ?? 0) > 0} />
      <Standing standing={standing} />
      <Stuck stuck={standing.stuck} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Attention chains={standing.attention} parts={parts} />
        <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-1">
          <OpenFindings standing={standing} />
          <div className="grid gap-4">
            <Signed {...standing} />
            <Suspense fallback={<Skeleton className="h-[9.0625rem]" />}>
              <Changed period={period} happened={happened} />
            </Suspense>
            <Ingest {...standing} />
          </div>
        </div>
      </div>
      <Suspense fallback={<HappenedSkeleton />}>
        <WhatHappened period={period} happened={happened} />
      </Suspense>
    </>
  );
}

type Props = { period: Period; happened: Promise<Happened> };

async function Changed({ period, happened }: Props) {
  return <Change period={period} change={(await happened).change} />;
}

async function WhatHappened({ period, happened }: Props) {
  const { top, ...activity } = await happened;
  return (
    <>
      <Activity period={period} {...activity} />
      <Top period={period} top={top} />
    </>
  );
}

function HappenedSkeleton() {
  return (
    <div role="status" aria-label="Records are being counted">
      <Skeleton className="mt-4 h-80" />
      <div className="mt-4 grid gap-4 md:grid-cols-3">
        {['agents', 'tools', 'refused'].map((list) => (
          <Skeleton key={list} className="h-[13.0625rem]" />
        ))}
      </div>
    </div>
  );
}

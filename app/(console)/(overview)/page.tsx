import { resolvePeriod } from '@/app/_components/format/period';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { page } from '@/app/_server/page';
import { getOverview } from '@/lib/ops/overview';
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

export default async function OverviewPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const period = resolvePeriod(
    { period: one(params['period']), from: one(params['from']), to: one(params['to']) },
    Date.now(),
  );
  const overview = await getOverview(ctx, { period: { from: period.from, to: period.to } });
  if (overview.chains === 0) return <FirstSteps url={ctx.env.publicUrl} />;
  const parts = await Promise.all(overview.attention.map(({ id }) => ribbonParts(ctx, id)));
  return (
    <>
      <LiveRefresh active={(overview.byVerdict.pending ?? 0) > 0} />
      <Standing overview={overview} />
      <Stuck stuck={overview.stuck} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Attention chains={overview.attention} parts={parts} />
        <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-1">
          <OpenFindings overview={overview} />
          <div className="grid gap-4">
            <Signed {...overview} />
            <Change {...overview} />
            <Ingest {...overview} />
          </div>
        </div>
      </div>
      <Activity overview={overview} />
      <Top {...overview} />
    </>
  );
}

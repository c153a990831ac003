import { Archive, CalendarClock, ClipboardCheck, Download } from 'lucide-react';
import { Suspense } from 'react';
import { PackageButton } from '@/app/_components/attestation/package-button';
import { periodAddress, resolvePeriod } from '@/app/_components/format/period';
import { formatDays } from '@/app/_components/format/span';
import { InZone } from '@/app/_components/time/zone';
import { Time } from '@/app/_components/time/time';
import { page } from '@/app/_server/page';
import { ButtonLink, buttonClass } from '@/app/_components/ui/button';
import { Skeleton } from '@/app/_components/ui/skeleton';
import type { Context } from '@/lib/context';
import type { Period } from '@/lib/schemas/common';
import type { DefinitionPeriod } from '@/lib/schemas/report-definitions';
import { listFrameworks } from '@/lib/reports/controls/control-evidence';
import { reportChains, reportFigures } from '@/lib/reports/report';
import { NO_DETERMINATION } from '@/lib/schemas/controls';
import type { ReportChains } from '@/lib/schemas/reports';
import { type Search, one } from '../../params';
import { brokenParts } from '../../ribbon-parts';
import { Blocked } from '../_components/blocked';
import { Exports, csvHref, pdfHref } from '../_components/exports';
import { FindingsByLevel } from '../_components/findings-by-level';
import { Integrity } from '../_components/integrity';
import { NewReport } from '../_components/new-report';
import { KeepReport } from '../_components/keep-report';
import { PrintButton } from '@/app/_components/ui/print-button';
import { Section } from '../_components/section';
import { Signatures } from '../_components/signatures';
import { Summary } from '../_components/summary';
import { Tools } from '../_components/tools';
import { WhatHappened } from '../_components/what-happened';

export const metadata = { title: 'Report' };
/** Chains that are listed, the worst first; the CSV has all of them. */
const MOST_CHAINS = 50;

export default async function ReportPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const { from, to, key } = resolvePeriod(
    { period: one(params['period']), from: one(params['from']), to: one(params['to']) },
    Date.now(),
  );
  const frameworks = await listFrameworks(ctx);
  return (
    <InZone zone="UTC">
      <article className="evidence-document mx-auto max-w-[60rem] text-[0.9375rem] leading-6">
        <header className="mb-8 border-b pb-5">
          <div className="flex flex-wrap items-start justify-between gap-3">
            <div>
              <p className="text-sm text-muted">Sealtrail at {new URL(ctx.env.publicUrl).host}</p>
              <h1 className="mt-1 text-2xl font-semibold tracking-[-0.015em]">Audit log report</h1>
            </div>
            <div className="no-print flex flex-wrap gap-2">
              <PackageButton
                look="primary"
                label="Hand over evidence"
                of={{ kind: 'period', from, to, chainIds: null }}
              />
              <KeepReport period={{ from, to }} />
              <NewReport
                period={daysOf({ from, to })}
                frameworks={frameworks.map(({ id, title }) => ({ id, title }))}
              />
              <ButtonLink href="/reports/definitions">
                <CalendarClock size={14} aria-hidden />
                Saved reports
              </ButtonLink>
              <ButtonLink href="/reports/runs">
                <Archive size={14} aria-hidden />
                Kept reports
              </ButtonLink>
              <ButtonLink href={`/reports/controls?${periodAddress({ key, from, to })}`}>
                <ClipboardCheck size={14} aria-hidden />
                Control evidence
              </ButtonLink>
              <a href={pdfHref({ from, to })} download className={buttonClass('plain')}>
                <Download size={14} aria-hidden />
                PDF
              </a>
              <PrintButton />
            </div>
          </div>
          <p className="mt-2 text-base text-muted">
            {key === '24h' ? (
              <>
                <Time at={from} /> to <Time at={to} />
              </>
            ) : (
              `${formatDays(from, to)}, whole days`
            )}
            . Made <Time at={ctx.now().toISOString()} />. All times are in UTC. {NO_DETERMINATION}.
          </p>
        </header>
        <Suspense fallback={<BodySkeleton />}>
          <Body ctx={ctx} period={{ from, to }} />
        </Suspense>
      </article>
    </InZone>
  );
}

/** The days a period lies in, in UTC. */
function daysOf({ from, to }: Period): DefinitionPeriod {
  const lastMs = Math.max(Date.parse(from), Date.parse(to) - 1);
  return { of: 'days', firstDay: from.slice(0, 10), lastDay: new Date(lastMs).toISOString().slice(0, 10) };
}

/** What is counted follows the head of the document, and what is counted by chain that: it is the longer the more of them have records in the period. */
async function Body({ ctx, period }: { ctx: Context; period: Period }) {
  const report = await reportFigures(ctx, period);
  const chains = reportChains(ctx, period, { most: MOST_CHAINS, first: 'worst' });
  return (
    <>
      <Section number={1} title="Summary">
        <Summary report={report} chains={chains} />
      </Section>
      <Section number={2} title="Integrity of the evidence">
        <Suspense fallback={<Skeleton className="h-72" />}>
          <ChainsOfReport ctx={ctx} chains={chains} />
        </Suspense>
      </Section>
      <Section number={3} title="What the agents did">
        <WhatHappened report={report} />
      </Section>
      <Section number={4} title="Tools">
        <Tools tools={report.topTools} period={report.period} />
      </Section>
      <Section number={5} title="Blocked accesses">
        <Blocked report={report} csv={csvHref('blocked', period)} />
      </Section>
      <Section number={6} title="Findings">
        <FindingsByLevel report={report} csv={csvHref('findings', period)} />
      </Section>
      <Section number={7} title="Signatures">
        <Suspense fallback={<Skeleton className="h-20" />}>
          <Signatures chains={chains} />
        </Suspense>
      </Section>
      <Section number={8} title="The records behind these figures">
        <Exports period={report.period} />
      </Section>
    </>
  );
}

async function ChainsOfReport({ ctx, chains }: { ctx: Context; chains: Promise<ReportChains> }) {
  const of = await chains;
  return <Integrity of={of} parts={await brokenParts(ctx, of.chains)} />;
}

function BodySkeleton() {
  return (
    <div role="status" aria-label="The report is being made" className="space-y-8">
      <Skeleton className="h-40" />
      <Skeleton className="h-72" />
      <Skeleton className="h-72" />
    </div>
  );
}

import { Suspense } from 'react';
import { notFound } from 'next/navigation';
import { resolvePeriod } from '@/app/_components/format/period';
import { formatDays } from '@/app/_components/format/span';
import { Time } from '@/app/_components/time/time';
import { InZone } from '@/app/_components/time/zone';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { Link } from '@/app/_components/ui/link';
import { PrintButton } from '@/app/_components/ui/print-button';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { getControlEvidence, getFramework } from '@/lib/reports/controls/control-evidence';
import type { Period } from '@/lib/schemas/common';
import { type FrameworkId, FrameworkParams, NO_DETERMINATION } from '@/lib/schemas/controls';
import { type Search, one } from '../../../params';
import { Section } from '../../_components/section';
import { ControlSection } from '../_components/control-section';
import { FiguresList } from '../_components/figures-list';
import { FrameworkAbout } from '../_components/framework-about';
import { Strengths } from '../_components/strength-mark';

type Params = Promise<{ framework: string }>;

export async function generateMetadata({ params }: { params: Params }) {
  const { ctx } = await page();
  return { title: `${(await getFramework(ctx, await knownFramework(params))).title}, control evidence` };
}

export default async function FrameworkPage({ params, searchParams }: { params: Params; searchParams: Search }) {
  const { ctx } = await page();
  const { framework: id } = await knownFramework(params);
  const { controls: _, ...framework } = await getFramework(ctx, { framework: id });
  const asked = await searchParams;
  const { from, to, key } = resolvePeriod(
    { period: one(asked['period']), from: one(asked['from']), to: one(asked['to']) },
    Date.now(),
  );
  const api = `/api/v1/control-evidence/${id}`;
  const period = new URLSearchParams({ from, to });
  return (
    <InZone zone="UTC">
      <article className="evidence-document mx-auto max-w-[60rem] text-[0.9375rem] leading-6">
        <header className="mb-8 border-b pb-5">
          <div className="flex flex-wrap items-start justify-between gap-3">
            <div className="min-w-0 flex-1 basis-80">
              <p className="text-sm text-muted">
                Sealtrail at {new URL(ctx.env.publicUrl).host} ·{' '}
                <Link className="link" href="/reports/controls">
                  Control evidence
                </Link>
              </p>
              <h1 className="mt-1 text-2xl font-semibold tracking-[-0.015em] text-balance">{framework.title}</h1>
            </div>
            <div className="no-print flex flex-wrap items-center gap-2">
              <ExportCsv
                href={`${api}/controls.csv?${period}`}
                rows={null}
                others={[
                  { label: 'JSON', href: `${api}?${period}` },
                  { label: 'OSCAL assessment results', href: `${api}/assessment-results.json?${period}` },
                  { label: 'OCSF compliance findings', href: `${api}/compliance.ocsf.ndjson?${period}` },
                ]}
              />
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
            . Made <Time at={ctx.now().toISOString()} />. All times are in UTC.
          </p>
          <p className="mt-2 font-medium">{NO_DETERMINATION}.</p>
        </header>
        <Section number={1} title="The framework">
          <FrameworkAbout framework={framework} />
        </Section>
        <Section number={2} title="Strength of evidence">
          <p className="mb-4 max-w-[72ch]">A control is as strong as the weakest figure it rests on.</p>
          <Strengths />
        </Section>
        <Suspense key={`${from} ${to}`} fallback={<BodySkeleton />}>
          <Evidence ctx={ctx} framework={id} period={{ from, to }} />
        </Suspense>
      </article>
    </InZone>
  );
}

/** What is counted follows the texts. */
async function Evidence({ ctx, framework, period }: { ctx: Context; framework: FrameworkId; period: Period }) {
  const { controls, figures } = await getControlEvidence(ctx, { framework, period });
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  return (
    <>
      <Section number={3} title="Controls">
        {controls.map((control, at) => (
          <ControlSection key={control.id} control={control} number={at + 1} figures={byId} />
        ))}
      </Section>
      <div className="break-before-page">
        <Section number={4} title="Figures and their rows">
          <p className="mb-4 max-w-[72ch]">
            Each value leads to a search, a list or a file whose rows add up to it. Signed statements stand under{' '}
            <Link className="link" href="/attestations">
              Attestations
            </Link>
            , and anybody can check them without this server. {NO_DETERMINATION}.
          </p>
          <FiguresList figures={figures} />
        </Section>
      </div>
    </>
  );
}

async function knownFramework(params: Params): Promise<{ framework: FrameworkId }> {
  const parsed = FrameworkParams.safeParse(await params);
  return parsed.success ? parsed.data : notFound();
}

function BodySkeleton() {
  return (
    <div role="status" aria-label="The figures are being counted" className="space-y-8">
      <Skeleton className="h-72" />
      <Skeleton className="h-72" />
    </div>
  );
}

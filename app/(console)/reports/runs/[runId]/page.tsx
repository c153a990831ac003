import { Archive, Download } from 'lucide-react';
import { formatNoun } from '@/app/_components/format/number';
import { ShareButton } from '@/app/_components/share/share-button';
import { InZone } from '@/app/_components/time/zone';
import { Time } from '@/app/_components/time/time';
import { buttonClass } from '@/app/_components/ui/button';
import { Link } from '@/app/_components/ui/link';
import { PrintButton } from '@/app/_components/ui/print-button';
import { LiveRefresh } from '@/app/_components/upload/live-refresh';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { keptReport } from '@/lib/package/report-runs/open-file';
import { getReportRun } from '@/lib/package/report-runs/runs';
import { scopeLines } from '@/lib/schemas/report-words';
import type { ReportRun } from '@/lib/schemas/report-runs';
import { found, idOf } from '../../../found';
import { Prose, Section } from '../../_components/section';
import { CancelRun } from '../_components/cancel-run';
import { KeptSections, sectionCount } from '../_components/kept-sections';
import { RunFiles, fileHref } from '../_components/run-files';
import { runPeriod } from '../run-period';
import { RunState } from '../_components/run-state';

export const metadata = { title: 'Kept report' };

export default async function ReportRunPage({ params }: { params: Promise<{ runId: string }> }) {
  const { ctx } = await page();
  const run = await found(getReportRun(ctx, { runId: idOf((await params).runId) }));
  return (
    <InZone zone="UTC">
      <article className="evidence-document mx-auto max-w-[60rem] text-[0.9375rem] leading-6">
        <header className="mb-8 border-b pb-5">
          <div className="flex flex-wrap items-start justify-between gap-3">
            <div>
              <p className="text-sm text-muted">
                <Link className="link inline-flex min-h-6 items-center gap-1.5" href="/reports/runs">
                  <Archive size={14} aria-hidden />
                  Kept reports
                </Link>
              </p>
              <h1 className="mt-1 text-2xl font-semibold tracking-[-0.015em]">
                {run.definition?.name ?? 'Audit log report'}, {runPeriod(run)}
              </h1>
            </div>
            <div className="no-print flex flex-wrap gap-2">
              {run.state === 'done' && (
                <>
                  <a href={fileHref(run.id, 'report.pdf')} download className={buttonClass('primary')}>
                    <Download size={14} aria-hidden />
                    PDF
                  </a>
                  <PrintButton />
                  <ShareButton of={{ kind: 'report-run', id: run.id }} name="this report" />
                </>
              )}
              {run.state === 'waiting' && <CancelRun runId={run.id} />}
            </div>
          </div>
          <p className="mt-2 text-base text-muted">
            {run.madeAt === null ? 'Requested ' : 'Made '}
            <Time at={run.madeAt ?? run.requestedAt} as="second" /> for {run.requestedBy}. All times are in UTC.
            Evidence, not a compliance determination.
          </p>
          {run.due && (
            <p className="text-base text-muted">
              Due <Time at={run.due.at} />
              {run.due.missed > 0 &&
                `; ${formatNoun(run.due.missed, 'due time')} before it went by while nothing ran, and ${run.due.missed === 1 ? 'was' : 'were'} not made up for`}
              .
            </p>
          )}
          {run.definition &&
            scopeLines(run.definition.scope).map((line) => (
              <p key={line} className="text-base text-muted [overflow-wrap:anywhere]">
                {line}
              </p>
            ))}
        </header>
        {run.state === 'done' ? <Made ctx={ctx} run={run} /> : <NotMade run={run} />}
        <LiveRefresh active={run.state === 'waiting'} everyMs={1000} />
      </article>
    </InZone>
  );
}

function NotMade({ run }: { run: ReportRun }) {
  return (
    <div role="status" className="card space-y-3 p-4">
      <p className="[overflow-wrap:anywhere]">
        <RunState run={run} />
      </p>
      {run.progress && (
        <progress
          aria-label="Files made"
          className="h-2 w-full accent-ink"
          value={run.progress.filesDone}
          max={run.progress.files}
        />
      )}
    </div>
  );
}

async function Made({ ctx, run }: { ctx: Context; run: ReportRun }) {
  const kept = await keptReport(ctx, run);
  return (
    <>
      {run.damaged && (
        <p role="alert" className="mb-6 rounded-md border border-v-tampered px-4 py-3 text-v-tampered">
          Files of this report are gone or are not what was signed. Restore them from a backup of the evidence.
        </p>
      )}
      {kept === 'damaged' && <Prose>report.json cannot be read as it was signed, so no figure of it is shown.</Prose>}
      {kept === 'of another release' && (
        <Prose>These figures were kept by another release. They stand in report.json and in the PDF.</Prose>
      )}
      {typeof kept === 'object' && <KeptSections runId={run.id} kept={kept} />}
      <Section number={typeof kept === 'object' ? sectionCount(kept) + 1 : 1} title="Files, and what they rest on">
        <Prose>
          Every file is signed as it is: run.sigstore.json is an in-toto statement by{' '}
          <span className="[overflow-wrap:anywhere]">{run.signedBy}</span> whose subjects they are, and an entry of the
          transparency log. run.json names the segments, heads and verdicts of the chains that the figures were counted
          from. The bundle is checked with{' '}
          <Link className="link" href="/verify">
            the verifier
          </Link>
          , cosign, or the command line, without this server.
        </Prose>
        <RunFiles run={run} />
      </Section>
    </>
  );
}

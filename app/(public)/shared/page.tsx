import { Download } from 'lucide-react';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { type Search, one } from '@/app/(console)/params';
import { KeptSections } from '@/app/(console)/reports/runs/_components/kept-sections';
import { RunFiles } from '@/app/(console)/reports/runs/_components/run-files';
import { runPeriod } from '@/app/(console)/reports/runs/run-period';
import { formatBytes } from '@/app/_components/format/bytes';
import { Time } from '@/app/_components/time/time';
import { PublishedAt } from '@/app/_components/access/published';
import { InZone } from '@/app/_components/time/zone';
import { buttonClass } from '@/app/_components/ui/button-class';
import { Hash } from '@/app/_components/ui/hash';
import { PageHead } from '@/app/_components/ui/page-head';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { linkedOf } from '@/app/_server/auth';
import { context } from '@/lib/compose';
import type { Context } from '@/lib/context';
import { AppError } from '@/lib/core/errors';
import { packageEntries } from '@/lib/package/packages';
import { keptReport } from '@/lib/package/report-runs/open-file';
import { getReportRun } from '@/lib/package/report-runs/runs';
import { PACKAGE_FILE, openShareLink } from '@/lib/package/share-links/open';

export const metadata = { title: 'Shared evidence', robots: { index: false, follow: false } };

/** What a read-only link opens, for whoever has it. Every link that opens nothing gives the page that says so. */
export default async function SharedPage({ searchParams }: { searchParams: Search }) {
  const token = one((await searchParams)['token']) ?? '';
  const ctx = await linkedOf(await context(), token);
  const address = (await headers()).get('x-sealtrail-peer') ?? '';
  const link = await openShareLink(ctx, { token, address }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
  if (!link) notFound();
  const hrefOf = (file: string) =>
    `/api/v1/shared/files/${encodeURIComponent(file)}?token=${encodeURIComponent(token)}`;
  const until = (
    <>
      {' '}
      Read-only, by {link.createdBy}, until <Time at={link.expiresAt} as="second" />. Each time it is opened is
      recorded.
    </>
  );
  return (
    <PublishedAt workspaceUrl={ctx.env.workspaceUrl}>
      <InZone zone="UTC">
        {link.of.kind === 'report-run' ? (
          <SharedReport ctx={ctx} runId={link.of.id} hrefOf={hrefOf} until={until} />
        ) : (
          <SharedPackage ctx={ctx} packageId={link.of.id} hrefOf={hrefOf} until={until} />
        )}
      </InZone>
    </PublishedAt>
  );
}

type Shown = { ctx: Context; hrefOf: (file: string) => string; until: React.ReactNode };

async function SharedReport({ ctx, runId, hrefOf, until }: Shown & { runId: string }) {
  const run = await getReportRun(ctx, { runId });
  const report = await keptReport(ctx, run);
  return (
    <article className="evidence-document mx-auto max-w-[60rem] text-[0.9375rem] leading-6">
      <PageHead
        title={`${run.definition?.name ?? 'Audit log report'}, ${runPeriod(run)}`}
        lead={<>Evidence, not a compliance determination. All times are in UTC.{until}</>}
        actions={
          <a href={hrefOf('report.pdf')} download className={buttonClass('primary')}>
            <Download size={14} aria-hidden />
            PDF
          </a>
        }
      />
      <Check>
        Every file is signed as it is: run.sigstore.json is an in-toto statement by{' '}
        {run.signedBy ?? 'this installation'} whose subjects they are. Compare the SHA-256 of what you downloaded with
        the table, and check the bundle with the verifier, cosign or the command line, without this server.
      </Check>
      <h2 className="mb-2 font-medium">Files</h2>
      <RunFiles run={run} hrefOf={hrefOf} />
      {typeof report === 'object' ? (
        <div className="mt-8">
          <p className="mb-4 text-muted">Links within the report lead into Sealtrail and take an account there.</p>
          <KeptSections runId={run.id} kept={report} hrefOf={hrefOf} />
        </div>
      ) : (
        <p className="mt-4 text-muted">Its figures stand in report.json and in the PDF.</p>
      )}
    </article>
  );
}

async function SharedPackage({ ctx, packageId, hrefOf, until }: Shown & { packageId: string }) {
  const { item, entries } = await packageEntries(ctx, { packageId });
  return (
    <>
      <PageHead
        title="Evidence package"
        lead={
          <span className="[overflow-wrap:anywhere]">
            {item.chains.join(', ')}.{until}
          </span>
        }
        actions={
          item.deleted ? (
            <span className="text-muted">Its records were deleted after their retention had ended.</span>
          ) : (
            <a href={hrefOf(PACKAGE_FILE)} download className={buttonClass('primary')}>
              <Download size={14} aria-hidden />
              ZIP
            </a>
          )
        }
      />
      <Check>
        MANIFEST.sha256 in the ZIP names every file with its SHA-256, and README.md says how each is checked without
        this server.{' '}
        {item.manifestSha256 && (
          <>
            Its own SHA-256 is <Hash value={item.manifestSha256} />.
          </>
        )}{' '}
        Bundles are checked with the verifier, cosign or the command line.
      </Check>
      <div className="card text-sm">
        <Table label="Files">
          <Head>
            <HeadCell>File</HeadCell>
            <HeadCell numeric>Size</HeadCell>
            <HeadCell>SHA-256</HeadCell>
          </Head>
          <Body>
            {entries.map(({ path, digest, sizeBytes }) => (
              <Row key={path}>
                <RowHead className="[overflow-wrap:anywhere]">{path}</RowHead>
                <Cell label="Size" numeric>
                  {formatBytes(sizeBytes)}
                </Cell>
                <Cell label="SHA-256">
                  <Hash value={digest} />
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </>
  );
}

function Check({ children }: { children: React.ReactNode }) {
  return (
    <p className="mb-6 max-w-[72ch] text-muted [overflow-wrap:anywhere]">
      {children}{' '}
      <a className="link" href="/verify">
        Open the verifier
      </a>
    </p>
  );
}

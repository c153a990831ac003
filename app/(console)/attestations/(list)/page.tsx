import { Only } from '@/app/_components/access/role';
import { BadgeCheck, Package, Stamp } from 'lucide-react';
import { AttestationsTable } from '@/app/_components/attestation/attestations-table';
import { PackagesTable } from '@/app/_components/attestation/packages-table';
import { REQUEST_COLUMNS, RequestsTable } from '@/app/_components/attestation/requests-table';
import { ListFoot } from '@/app/_components/list/list-foot';
import { pageLinks } from '@/app/_components/list/page-links';
import { sortOf } from '@/app/_components/list/sort';
import { ButtonLink, buttonClass } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { Empty } from '@/app/_components/ui/empty';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { listAttestations } from '@/lib/attest/attestations';
import { listRequests } from '@/lib/attest/requests/list';
import type { Context } from '@/lib/context';
import { listPackages } from '@/lib/package/packages';
import { AttestationSort } from '@/lib/schemas/attestations';
import { PackageSort } from '@/lib/schemas/packages';
import { pageOf } from '../../found';
import { type Search, one } from '../../params';
import { AttestPeriod } from '../_components/attest-period';
import { ViewTabs, viewOf } from '../_components/view-tabs';

export const metadata = { title: 'Attestations' };
const PAGE = 50;

export default async function AttestationsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const params = await searchParams;
  const view = viewOf(one(params['view']));
  const [waiting, failed] = await Promise.all([
    listRequests(ctx, { state: ['waiting'], limit: 100 }),
    listRequests(ctx, { state: ['failed'], limit: 100 }),
  ]);
  const unsigned = [...waiting.items, ...failed.items];
  const unsignedTotal = (waiting.total ?? 0) + (failed.total ?? 0);
  return (
    <>
      <PageHead
        title="Attestations"
        lead="Signed statements of what was checked and what came of it. Anybody can verify them without this server."
        actions={
          <>
            <a href="/verify" className={buttonClass('plain')}>
              <BadgeCheck size={14} aria-hidden />
              Verifier
            </a>
            <Only need="ingest">
              <AttestPeriod />
            </Only>
          </>
        }
      />
      <ViewTabs current={view} waiting={unsignedTotal} />
      {view === 'signed' && <Signed ctx={ctx} params={params} />}
      {view === 'waiting' &&
        (unsigned.length === 0 ? (
          <div className="card">
            <Empty icon={<Stamp size={20} />} title="Nothing waits">
              What cannot be signed at once, because a signing service does not answer, stands here until it is. Nothing
              is signed with less than its policy asks for.
            </Empty>
          </div>
        ) : (
          <>
            <RequestsTable requests={unsigned} sort={sortOf(one(params['sort']), REQUEST_COLUMNS, '-requested')} />
            <ListFoot shown={unsigned.length} total={unsignedTotal} noun="request" first={null} next={null} />
          </>
        ))}
      {view === 'packages' && <Packages ctx={ctx} params={params} />}
    </>
  );
}

type ViewProps = { ctx: Context; params: Awaited<Search> };

async function Signed({ ctx, params }: ViewProps) {
  const sort = AttestationSort.safeParse(one(params['sort'])).data ?? '-signed';
  const {
    items,
    nextCursor,
    total = 0,
  } = await pageOf((at) => listAttestations(ctx, { sort, cursor: at, limit: PAGE }), one(params['cursor']));
  if (items.length === 0) {
    return (
      <div className="card">
        <Empty
          icon={<Stamp size={20} />}
          title="Nothing signed yet"
          actions={<ButtonLink href="/chains">Choose a chain</ButtonLink>}
        >
          <p>
            An attestation binds a chain’s bytes, its verdict and its findings under one signature. Open a chain and
            choose <b>Sign attestation</b>, or let a pipeline do it:
          </p>
          <div className="mt-3 text-left">
            <Command>{`curl -X POST -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${ctx.env.workspaceUrl}/api/v1/chains/CHAIN_ID/attestations`}</Command>
          </div>
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div className="mb-2 flex justify-end">
        <ExportCsv href="/api/v1/attestations.csv" rows={total} />
      </div>
      <AttestationsTable attestations={items} sort={sort} />
      <ListFoot
        shown={items.length}
        total={total}
        noun="attestation"
        order={sort === '-signed' ? 'newest first' : undefined}
        {...pageLinks('/attestations', params, nextCursor)}
      />
    </>
  );
}

async function Packages({ ctx, params }: ViewProps) {
  const sort = PackageSort.safeParse(one(params['sort'])).data ?? '-requested';
  const {
    items,
    nextCursor,
    total = 0,
  } = await pageOf((at) => listPackages(ctx, { sort, cursor: at, limit: PAGE }), one(params['cursor']));
  if (items.length === 0) {
    return (
      <div className="card">
        <Empty icon={<Package size={20} />} title="No package made yet">
          An evidence package is a ZIP an auditor can check alone: the logs, the signed statements, what was found, the
          keys, a signed manifest and the verifier as one file. Make one from an attestation, a chain or the report of a
          period.
        </Empty>
      </div>
    );
  }
  return (
    <>
      <PackagesTable packages={items} sort={sort} />
      <ListFoot
        shown={items.length}
        total={total}
        noun="package"
        order={sort === '-requested' ? 'newest first' : undefined}
        {...pageLinks('/attestations', params, nextCursor)}
      />
    </>
  );
}

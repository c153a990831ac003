import { Stamp } from 'lucide-react';
import Link from 'next/link';
import { AttestationsTable } from '@/app/_components/attestation/attestations-table';
import { ButtonLink } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { Empty } from '@/app/_components/ui/empty';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { listAttestations } from '@/lib/attest/attestations';
import { found } from '../found';
import { type Search, one } from '../params';

export const metadata = { title: 'Attestations' };

export default async function AttestationsPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const cursor = one((await searchParams)['cursor']);
  const { items, nextCursor } = await found(listAttestations(ctx, { ...(cursor ? { cursor } : {}), limit: 50 }));
  return (
    <>
      <PageHead
        title="Attestations"
        lead="Signed statements of what was checked and what came of it. Anybody can verify them without this server."
        actions={
          items.length > 0 && (
            <ExportCsv
              name="attestations"
              rows={[
                ['signedAt', 'chain', 'verdict', 'firstRecord', 'lastRecord', 'records', 'keyHint', 'bundleSha256', 'id'],
                ...items.map((item) => [item.signedAt, item.chain, item.verdict, item.firstRecord, item.lastRecord, item.records, item.keyHint, item.bundleSha256, item.id]),
              ]}
            />
          )
        }
      />
      {items.length === 0 ? (
        <div className="card">
          <Empty icon={<Stamp size={20} />} title="Nothing signed yet" actions={<ButtonLink href="/chains">Choose a chain</ButtonLink>}>
            <p>
              An attestation binds a chain’s bytes, its verdict and its findings under one signature. Open a chain and choose <b>Sign attestation</b>, or let a pipeline do it:
            </p>
            <div className="mt-3 text-left">
              <Command>{`curl -X POST -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${ctx.env.publicUrl}/api/v1/chains/CHAIN_ID/attestations`}</Command>
            </div>
          </Empty>
        </div>
      ) : (
        <AttestationsTable attestations={items} />
      )}
      {(nextCursor || cursor) && (
        <nav aria-label="Pages of attestations" className="no-print mt-3 flex justify-end gap-4 text-xs">
          {cursor && (
            <Link className="link" href="/attestations">
              Back to the newest
            </Link>
          )}
          {nextCursor && (
            <Link className="link" href={`/attestations?cursor=${encodeURIComponent(nextCursor)}`}>
              Older attestations
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

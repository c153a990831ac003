import { Only } from '@/app/_components/access/role';
import { FileSignature } from 'lucide-react';
import { Empty } from '@/app/_components/ui/empty';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { ListFoot } from '@/app/_components/list/list-foot';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Body, Head, HeadCell, HiddenHeadCell, Table } from '@/app/_components/ui/table';
import { SIDECAR_ACTION, SIDECAR_FILES, SIDECAR_LABEL } from '@/lib/schemas/formats';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { Sidecar } from '@/lib/schemas/sidecars';
import { AddSidecarButton } from './lazy-parts';
import { Holds } from './sidecar-outcome';
import { SidecarRow } from './sidecar-row';

const COLUMNS = ['file', 'received'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (sidecar: Sidecar) => string> = {
  file: ({ fileName }) => fileName,
  received: ({ receivedAt }) => receivedAt,
};

/** The sidecar files and the signatures in it, each with what it proves or disproves. */
export function SidecarsTab({
  chain,
  sidecars,
  asked,
}: {
  chain: ChainDetail;
  sidecars: readonly Sidecar[];
  /** The order the address asks for. */
  asked: string | undefined;
}) {
  const sort = sortOf(asked, COLUMNS, '-received');
  const signatures = chain.checkedSidecars.find(({ kind }) => kind === 'signatures');
  const add = (
    <Only need="ingest">
      <AddSidecarButton chainId={chain.id} action={SIDECAR_ACTION[chain.format]} labels={SIDECAR_LABEL} />
    </Only>
  );
  if (sidecars.length === 0 && !signatures) {
    return (
      <div className="card">
        <Empty icon={<FileSignature size={20} />} title="No sidecar files yet" actions={add}>
          A log alone cannot show that its end was cut off before it came here. What its tool keeps beside it can:{' '}
          {SIDECAR_FILES[chain.format]}.
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3 text-xs text-muted">
        <p>Files the tool keeps beside its log. What they disprove counts in the verdict.</p>
        <div className="flex flex-wrap items-center justify-end gap-2">
          {add}
          <ExportCsv href={`/api/v1/chains/${chain.id}/tables/sidecars.csv`} rows={sidecars.length} />
        </div>
      </div>
      {signatures && (
        <p className="card mb-3 px-4 py-3 [overflow-wrap:anywhere]">
          <Holds fact={signatures} /> {signatures.message}
          {signatures.file && <span className="text-muted"> Keys: {signatures.file}.</span>}
        </p>
      )}
      {sidecars.length > 0 && (
        <div className="card">
          <Table label="Sidecar files">
            <Head>
              <SortHead by="file" sort={sort}>
                File
              </SortHead>
              <HeadCell>What it comes to</HeadCell>
              <HeadCell>SHA-256</HeadCell>
              <SortHead by="received" sort={sort} isDownFirst>
                Received
              </SortHead>
              <HiddenHeadCell>Actions</HiddenHeadCell>
            </Head>
            <Body>
              {sorted(sidecars, sort, VALUES).map((sidecar) => (
                <SidecarRow key={sidecar.id} chain={chain} sidecar={sidecar} />
              ))}
            </Body>
          </Table>
        </div>
      )}
      {sidecars.length > 0 && (
        <ListFoot shown={sidecars.length} total={sidecars.length} noun="sidecar file" first={null} next={null} />
      )}
    </>
  );
}

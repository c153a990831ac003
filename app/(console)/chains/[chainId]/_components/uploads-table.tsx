import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { RecordLink } from '@/app/_components/ribbon/record-link';
import { ListFoot } from '@/app/_components/list/list-foot';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { RELATION_LABEL } from '@/app/_components/verdict/upload-relations';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { Upload, UploadSort } from '@/lib/schemas/uploads';
import { TableTop } from './table-top';

/** Everything ever sent to the chain, with how it related to what was held, and the archive it came in. */
export function UploadsTable({
  chain,
  uploads,
  sort,
  pages,
  total,
}: {
  /** Of all of them. */
  total: number;
  chain: ChainDetail;
  uploads: readonly Upload[];
  sort: UploadSort;
  pages: { first: string | null; next: string | null };
}) {
  if (uploads.length === 0) return null;
  const order = { sort, param: 'uploads', cursor: 'sentBefore' };
  return (
    <section aria-labelledby="uploads" className="mt-6">
      <TableTop chainId={chain.id} table="uploads" rows={total}>
        <h2 id="uploads" className="text-sm font-medium text-ink">
          Uploads
        </h2>
      </TableTop>
      <div className="card">
        <Table label="Uploads">
          <Head>
            <SortHead by="received" {...order} isDownFirst>
              Received
            </SortHead>
            <SortHead by="file" {...order}>
              File
            </SortHead>
            <HeadCell>Relation to the chain</HeadCell>
            <SortHead by="records" {...order} numeric isDownFirst>
              Records
            </SortHead>
            <SortHead by="size" {...order} numeric isDownFirst>
              Size
            </SortHead>
            <HeadCell>SHA-256</HeadCell>
          </Head>
          <Body>
            {uploads.map((upload) => (
              <UploadRow key={upload.id} chain={chain} upload={upload} />
            ))}
          </Body>
        </Table>
      </div>
      <ListFoot
        shown={uploads.length}
        total={total}
        noun="upload"
        order={sort === '-received' ? 'newest first' : undefined}
        {...pages}
      />
    </section>
  );
}

function UploadRow({ chain, upload }: { chain: ChainDetail; upload: Upload }) {
  return (
    <Row>
      <RowHead className="py-2 align-top">
        <span className="whitespace-nowrap">
          <Time at={upload.receivedAt} as="second" />
        </span>
        <span className="block text-xs text-muted [overflow-wrap:anywhere]">from {upload.receivedBy}</span>
      </RowHead>
      <Cell label="File" className="py-2 align-top">
        <span className="[overflow-wrap:anywhere]">{upload.fileName}</span>
        {upload.archive && <Archive archive={upload.archive} />}
      </Cell>
      <Cell label="Relation" className="py-2 align-top">
        {RELATION_LABEL[upload.relation]}
        {upload.forkedAt !== null && (
          <span className="text-muted">
            {' from '}
            <RecordLink chainId={chain.id} record={upload.forkedAt} records={chain.records} /> on
          </span>
        )}
      </Cell>
      <Cell label="Records" numeric className="py-2 align-top">
        {formatCount(upload.records)}
      </Cell>
      <Cell label="Size" numeric className="py-2 align-top">
        {formatBytes(upload.bytes)}
      </Cell>
      <Cell label="SHA-256" className="py-2 align-top">
        <Hash value={upload.sha256} />
      </Cell>
    </Row>
  );
}

function Archive({ archive: { fileName, sha256, paths } }: { archive: NonNullable<Upload['archive']> }) {
  return (
    <span className="block text-xs text-muted [overflow-wrap:anywhere]">
      in {fileName} <Hash value={sha256} />
      {paths.length === 1 && paths[0]}
      {paths.length > 1 && (
        <span className="block">
          {formatCount(paths.length)} files joined: {paths.join(', ')}
        </span>
      )}
    </span>
  );
}

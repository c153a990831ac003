import { Download } from 'lucide-react';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ReportRun } from '@/lib/schemas/report-runs';

/** Address of a file of a run. */
export function fileHref(runId: string, file: string): string {
  return `/api/v1/report-runs/${runId}/files/${file}`;
}

/** Every file of a run, to be saved one by one. */
export function RunFiles({
  run,
  hrefOf = (file) => fileHref(run.id, file),
}: {
  run: ReportRun;
  /** Where they are. */
  hrefOf?: (file: string) => string;
}) {
  return (
    <div className="card text-sm">
      <Table label="Files">
        <Head>
          <HeadCell>File</HeadCell>
          <HeadCell numeric>Rows</HeadCell>
          <HeadCell numeric>Size</HeadCell>
          <HeadCell>SHA-256</HeadCell>
        </Head>
        <Body>
          {run.files.map(({ path, digest, sizeBytes, rows }) => (
            <Row key={path}>
              <RowHead className="[overflow-wrap:anywhere]">
                <a href={hrefOf(path)} download className="link inline-flex min-h-6 items-center gap-2">
                  <Download size={14} aria-hidden className="no-print shrink-0 text-faint" />
                  {path}
                </a>
              </RowHead>
              <Cell label="Rows" numeric>
                {rows === null ? '' : formatCount(rows)}
              </Cell>
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
  );
}

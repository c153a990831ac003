import { clsx } from 'clsx';
import { Download } from 'lucide-react';
import Link from 'next/link';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { SealSolid } from '@/app/_components/verdict/icons';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { ChainDetail, Segment, Tail } from '@/lib/schemas/chains';

/** The immutable pieces the chain is stored in, each under the SHA-256 of its bytes. */
export function SegmentsTab({
  chain,
  segments,
  chosen,
}: {
  chain: ChainDetail;
  segments: readonly Segment[];
  chosen: number | null;
}) {
  return (
    <>
      <div className="mb-2 flex items-center justify-between gap-3 text-xs text-muted">
        <p>Immutable pieces of the chain, stored under the SHA-256 of their bytes. Their order is the chain.</p>
        <ExportCsv href={`/api/v1/chains/${chain.id}/tables/segments.csv`} rows={chain.segments} />
      </div>
      <div className="card">
        <Table label="Segments">
          <Head>
            <HeadCell>Segment</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell numeric>Records</HeadCell>
            <HeadCell>Recorded</HeadCell>
            <HeadCell numeric>Size</HeadCell>
            <HeadCell>SHA-256</HeadCell>
            <HeadCell numeric>Problems</HeadCell>
            <HeadCell>Signed</HeadCell>
            <HeadCell>
              <span className="sr-only">Download</span>
            </HeadCell>
          </Head>
          <Body>
            {segments.map((segment) => (
              <Row
                key={segment.index}
                id={`segment-${segment.index}`}
                className={clsx(segment.index === chosen && 'bg-chosen')}
              >
                <RowHead className="font-medium">{formatCount(segment.index + 1)}</RowHead>
                <Cell label="Verdict">
                  <VerdictMark verdict={segment.verdict} />
                </Cell>
                <Cell label="Records" numeric className="whitespace-nowrap">
                  {segment.records === 0 ? (
                    'none'
                  ) : (
                    <Link className="link" href={`/chains/${chain.id}?tab=records&at=${segment.firstRecord}`}>
                      {formatCount(segment.firstRecord)} – {formatCount(segment.firstRecord + segment.records - 1)}
                    </Link>
                  )}
                </Cell>
                <Cell label="Recorded" className="text-muted">
                  {segment.firstRecordedAt && segment.lastRecordedAt ? (
                    <TimeSpan from={segment.firstRecordedAt} to={segment.lastRecordedAt} />
                  ) : (
                    'not stated'
                  )}
                </Cell>
                <Cell label="Size" numeric>
                  {formatBytes(segment.bytes)}
                </Cell>
                <Cell label="SHA-256">
                  <Hash value={segment.digest} />
                </Cell>
                <Cell label="Problems" numeric>
                  {formatCount(segment.problems)}
                </Cell>
                <Cell label="Signed">
                  {segment.attestationId ? (
                    <Link
                      className="inline-flex min-h-6 items-center gap-1 text-seal hover:underline"
                      href={`/attestations/${segment.attestationId}`}
                    >
                      <SealSolid size={14} /> signed
                    </Link>
                  ) : (
                    <span className="text-faint">no</span>
                  )}
                </Cell>
                <Cell>
                  <a
                    href={`/api/v1/segments/${segment.digest}/bytes`}
                    download
                    aria-label={`Download the bytes of segment ${segment.index + 1}`}
                    className="inline-grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
                  >
                    <Download size={14} aria-hidden />
                  </a>
                </Cell>
              </Row>
            ))}
            {chain.tail && <OpenRow chain={chain} tail={chain.tail} />}
          </Body>
        </Table>
      </div>
    </>
  );
}

/** What was appended and is not closed: durable and checked, without a digest that could be signed. */
function OpenRow({ chain, tail }: { chain: ChainDetail; tail: Tail }) {
  const first = chain.records - tail.records;
  return (
    <Row id="segment-open">
      <RowHead className="font-medium">Open</RowHead>
      <Cell label="Verdict" className="text-muted">
        checked with the chain
      </Cell>
      <Cell label="Records" numeric className="whitespace-nowrap">
        {tail.records === 0 ? (
          'none'
        ) : (
          <Link className="link" href={`/chains/${chain.id}?tab=records&at=${first}`}>
            {formatCount(first)} – {formatCount(chain.records - 1)}
          </Link>
        )}
      </Cell>
      <Cell label="Recorded" className="text-muted">
        open since <Time at={tail.openedAt} />
      </Cell>
      <Cell label="Size" numeric>
        {formatBytes(tail.bytes)}
      </Cell>
      <Cell label="SHA-256" className="text-faint">
        when it is closed
      </Cell>
      <Cell label="Problems" numeric>
        {formatCount(chain.problems.filter(({ record }) => record >= first).length)}
      </Cell>
      <Cell label="Signed">
        <span className="text-faint">no</span>
      </Cell>
      <Cell />
    </Row>
  );
}

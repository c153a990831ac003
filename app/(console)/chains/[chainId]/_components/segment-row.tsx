import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatCount } from '@/app/_components/format/number';
import { RowLink } from '@/app/_components/list/row-link';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { Cell, Row, RowHead } from '@/app/_components/ui/table';
import { SealSolid } from '@/app/_components/verdict/icons';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import type { ChainDetail, Segment, Tail } from '@/lib/schemas/chains';
import { DownloadIcon } from './download-icon';

/** A segment that is closed. */
export function SegmentRow({ chainId, segment, isChosen }: { chainId: string; segment: Segment; isChosen: boolean }) {
  return (
    <Row id={`segment-${segment.index}`} className={clsx(isChosen && 'bg-chosen')}>
      <RowHead className="font-medium">
        <span className="mr-1 sm:hidden">Segment</span>
        {formatCount(segment.index + 1)}
      </RowHead>
      <Cell label="Verdict">
        <VerdictMark verdict={segment.verdict} />
      </Cell>
      <RecordsCell chainId={chainId} first={segment.firstRecord} records={segment.records} />
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
        <DownloadIcon
          href={`/api/v1/segments/${segment.digest}/bytes`}
          label={`Download the bytes of segment ${segment.index + 1}`}
        />
      </Cell>
    </Row>
  );
}

/** What was appended and is not closed: durable and checked, without a digest that could be signed. */
export function OpenSegmentRow({ chain, tail }: { chain: ChainDetail; tail: Tail }) {
  const first = chain.records - tail.records;
  return (
    <Row id="segment-open">
      <RowHead className="font-medium">Open</RowHead>
      <Cell label="Verdict" className="text-muted">
        checked with the chain
      </Cell>
      <RecordsCell chainId={chain.id} first={first} records={tail.records} />
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

function RecordsCell({ chainId, first, records }: { chainId: string; first: number; records: number }) {
  return (
    <Cell label="Records" numeric className="whitespace-nowrap">
      {records === 0 ? (
        'none'
      ) : (
        <RowLink href={`/chains/${chainId}?tab=records&at=${first}`}>
          {formatCount(first)} – {formatCount(first + records - 1)}
        </RowLink>
      )}
    </Cell>
  );
}

import Link from 'next/link';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RowLink } from '@/app/_components/list/row-link';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { FindingDetail } from '@/lib/schemas/findings';

/** Records shown before the rest folds away. */
const OPEN = 25;

/** The records that prove a finding, each placed in evidence. */
export function Proof({ finding }: { finding: FindingDetail }) {
  const names = new Map(finding.chains.map(({ id, name }) => [id, name]));
  const rest = finding.records.slice(OPEN);
  const stated = Object.fromEntries(Object.entries(finding.group).filter(([, value]) => value !== ''));
  return (
    <Card
      flush
      title={`${formatNoun(finding.recordCount, 'record')} in evidence`}
      aside={
        <>
          <Link
            className="link no-print text-xs"
            href={eventsHref({ from: finding.windowFrom, to: finding.windowTo }, stated)}
          >
            All records of this window
          </Link>
          <ExportCsv
            href={`/api/v1/findings/${finding.id}/records.csv`}
            rows={finding.records.length}
            others={[
              { label: 'OCSF', href: `/api/v1/findings/${finding.id}/ocsf.json` },
              { label: 'SARIF', href: `/api/v1/findings/${finding.id}/sarif.json` },
            ]}
          />
        </>
      }
    >
      <Records records={finding.records.slice(0, OPEN)} names={names} label="Records in evidence" />
      {rest.length > 0 && (
        <details className="border-t">
          <summary className="px-4 py-2 text-xs text-muted hover:text-ink">
            {formatNoun(rest.length, 'more record')}
          </summary>
          <Records records={rest} names={names} label="More records in evidence" />
        </details>
      )}
      {finding.recordCount > finding.records.length && (
        <p className="border-t px-4 py-2 text-xs text-muted">
          The first {formatCount(finding.records.length)} are listed; all of them are counted.
        </p>
      )}
    </Card>
  );
}

function Records({
  records,
  names,
  label,
}: {
  records: FindingDetail['records'];
  names: ReadonlyMap<string, string>;
  label: string;
}) {
  return (
    <Table label={label}>
      <Head>
        <HeadCell>Time</HeadCell>
        <HeadCell>Chain</HeadCell>
        <HeadCell numeric>Record</HeadCell>
        <HeadCell>Hash</HeadCell>
        <HeadCell>Segment</HeadCell>
        <HeadCell numeric>Byte in chain</HeadCell>
      </Head>
      <Body>
        {records.map((record) => (
          <Row key={`${record.chainId} ${record.ordinal}`}>
            <RowHead className="whitespace-nowrap">
              <Time at={record.recordedAt} as="second" />
            </RowHead>
            <Cell label="Chain" className="max-w-48 truncate">
              {names.get(record.chainId) ?? record.chainId}
            </Cell>
            <Cell label="Record" numeric>
              <RowLink href={`/chains/${record.chainId}?tab=records&record=${record.ordinal}`}>
                {formatCount(record.ordinal)}
              </RowLink>
            </Cell>
            <Cell label="Hash">{record.hash ? <Hash value={record.hash} /> : 'none'}</Cell>
            <Cell label="Segment">{record.segmentDigest ? <Hash value={record.segmentDigest} /> : 'still open'}</Cell>
            <Cell label="Byte in chain" numeric>
              {formatCount(record.byteOffset)}
            </Cell>
          </Row>
        ))}
      </Body>
    </Table>
  );
}

import { Link } from '@/app/_components/ui/link';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { RowLink } from '@/app/_components/list/row-link';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, Row, RowHead, Table } from '@/app/_components/ui/table';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { IntegrityMark, integrityWord } from '@/app/_components/verdict/integrity-mark';
import type { Page } from '@/lib/schemas/common';
import type { EvidenceRecord, EvidenceSort, FindingDetail } from '@/lib/schemas/findings';

/** The records that prove a finding, each with what it says, whether it holds, and by what it is proven. */
export function Evidence({
  finding,
  evidence,
  isRead,
  sort,
  here,
}: {
  finding: FindingDetail;
  evidence: Page<EvidenceRecord>;
  sort: EvidenceSort;
  /** Whether the lake answered. */
  isRead: boolean;
  /** The page's own address, as far as its parameters go. */
  here: string;
}) {
  const stated = Object.fromEntries(Object.entries(finding.group).filter(([, value]) => value !== ''));
  const order = { sort, param: 'order', cursor: 'records' };
  const missing = evidence.items.filter(({ record }) => record === null).length;
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
          <ExportCsv href={`/api/v1/findings/${finding.id}/records.csv`} rows={finding.records.length} />
        </>
      }
    >
      {!isRead && (
        <p className="border-b px-4 py-2 text-xs text-muted">
          What the records say could not be read just now. Where they lie in evidence is listed.
        </p>
      )}
      {isRead && missing > 0 && (
        <p className="border-b px-4 py-2 text-xs text-v-tampered">
          {missing === 1 ? '1 record is' : `${formatCount(missing)} records are`} not among those that can be searched
          now: its chain was replaced or is being loaded. Where it lay in evidence is listed still.
        </p>
      )}
      <Table label="Records in evidence">
        <Head>
          <SortHead by="time" {...order}>
            Time
          </SortHead>
          <SortHead by="decision" {...order}>
            Decision
          </SortHead>
          <SortHead by="tool" {...order}>
            Tool, target and reason
          </SortHead>
          <SortHead by="integrity" {...order}>
            Integrity
          </SortHead>
          <SortHead by="record" {...order}>
            Record
          </SortHead>
          <SortHead by="proof" {...order} isDownFirst>
            Proof
          </SortHead>
        </Head>
        <Body>
          {evidence.items.map((one) => (
            <EvidenceRow key={`${one.chainId} ${one.ordinal}`} one={one} />
          ))}
        </Body>
      </Table>
      <Pages finding={finding} evidence={evidence} here={here} />
    </Card>
  );
}

function EvidenceRow({ one }: { one: EvidenceRecord }) {
  const { record } = one;
  return (
    <Row>
      <RowHead className="whitespace-nowrap">
        <Time at={one.recordedAt} as="second" />
      </RowHead>
      <Cell label="Decision">
        {record ? <DecisionMark decision={record.decision} /> : <span className="text-faint">not read</span>}
      </Cell>
      <Cell label="Tool, target and reason" className="sm:max-w-44">
        <span className="block truncate" title={record?.tool}>
          {record?.tool || <span className="text-faint">no tool</span>}
        </span>
        {[record?.target, record?.reason].map(
          (text, nth) =>
            text && (
              <span key={nth === 0 ? 'target' : 'reason'} className="block truncate text-xs text-muted" title={text}>
                {text}
              </span>
            ),
        )}
      </Cell>
      <Cell label="Integrity" className="relative whitespace-nowrap">
        {record && (
          <span className="inline-flex items-center gap-1">
            <IntegrityMark integrity={record.integrity} />
            {record.integrity !== 'ok' && (
              <span aria-hidden className="text-xs">
                {integrityWord(record.integrity)}
              </span>
            )}
          </span>
        )}
      </Cell>
      <Cell label="Record" className="sm:max-w-36">
        <RowLink href={`/chains/${one.chainId}?tab=records&record=${one.ordinal}`}>{formatCount(one.ordinal)}</RowLink>
        <span className="block truncate text-xs text-muted" title={one.chainName}>
          {one.chainName}
        </span>
      </Cell>
      <Cell label="Proof" className="relative whitespace-nowrap">
        {one.attestationId ? (
          <Link className="link" href={`/attestations/${one.attestationId}`} prefetch={false}>
            Signed
          </Link>
        ) : (
          <span className="text-faint">not signed yet</span>
        )}
        <span className="block text-xs">{one.hash ? <Hash value={one.hash} /> : 'no hash'}</span>
      </Cell>
    </Row>
  );
}

/** Where the list goes on, and that it is not whole. */
function Pages({
  finding,
  evidence: { nextCursor },
  here,
}: {
  finding: FindingDetail;
  evidence: Page<EvidenceRecord>;
  here: string;
}) {
  const unlisted = finding.recordCount > finding.records.length;
  if (nextCursor === null && !unlisted) return null;
  const next = new URLSearchParams(here);
  next.set('finding', finding.id);
  if (nextCursor !== null) next.set('records', nextCursor);
  return (
    <p className="flex flex-wrap gap-x-4 border-t px-4 py-2 text-xs text-muted">
      {nextCursor !== null && (
        <Link className="link no-print inline-flex min-h-6 items-center" scroll={false} href={`/findings?${next}`}>
          Next records
        </Link>
      )}
      {unlisted && <span>The first {formatCount(finding.records.length)} are listed; all of them are counted.</span>}
    </p>
  );
}

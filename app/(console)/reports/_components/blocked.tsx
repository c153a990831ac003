import Link from 'next/link';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { Report } from '@/lib/schemas/reports';
import { csvHref } from './exports';
import { Prose } from './section';

export function Blocked({ report }: { report: Report }) {
  const { blocked, blockedTotal, period } = report;
  if (blockedTotal === 0) return <Prose>No access was refused in this period.</Prose>;
  return (
    <>
      <Prose>
        {formatNoun(blockedTotal, 'access', 'accesses')} {blockedTotal === 1 ? 'was' : 'were'} refused
        {blockedTotal > blocked.length && <>; the newest {formatCount(blocked.length)} are listed</>}.{' '}
        <a className="link" href={csvHref('blocked', period)}>
          All of them as CSV
        </a>
      </Prose>
      <div className="card text-sm">
        <Table label="Blocked accesses">
          <Head>
            <HeadCell>Time</HeadCell>
            <HeadCell>Record</HeadCell>
            <HeadCell>Agent</HeadCell>
            <HeadCell>Tool</HeadCell>
            <HeadCell>Target</HeadCell>
            <HeadCell>Reason</HeadCell>
          </Head>
          <Body>
            {blocked.map((access) => (
              <Row key={`${access.chainId} ${access.ordinal}`}>
                <RowHead className="whitespace-nowrap">
                  <Time at={access.recordedAt} as="short" />
                </RowHead>
                <Cell label="Record">
                  <Link className="link [overflow-wrap:anywhere]" href={`/chains/${access.chainId}?tab=records&record=${access.ordinal}`}>
                    {access.chain} {formatCount(access.ordinal)}
                  </Link>
                </Cell>
                <Cell label="Agent">{access.agent}</Cell>
                <Cell label="Tool">{access.tool}</Cell>
                <Cell label="Target" className="max-w-56 [overflow-wrap:anywhere]">
                  {access.target}
                </Cell>
                <Cell label="Reason" className="text-muted">
                  {access.reason}
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </>
  );
}

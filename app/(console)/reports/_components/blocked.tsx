import { Link } from '@/app/_components/ui/link';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ReportFigures } from '@/lib/schemas/reports';
import { Prose } from './section';

/** As many as a reader takes in; the CSV has all. */
const LISTED = 25;

export function Blocked({ report, csv }: { report: ReportFigures; csv: string }) {
  const { blocked, blockedTotal, period } = report;
  if (blockedTotal === 0) return <Prose>No access was refused in this period.</Prose>;
  return (
    <>
      <Prose>
        {formatNoun(blockedTotal, 'access', 'accesses')} {blockedTotal === 1 ? 'was' : 'were'} refused
        {blockedTotal > LISTED && <>; the newest {formatCount(LISTED)} are listed</>}.{' '}
        <a className="link" href={csv}>
          All of them as CSV
        </a>{' '}
        <Link className="link no-print" href={eventsHref(period, { decision: 'deny' })}>
          Search them
        </Link>
      </Prose>
      <div className="card text-sm">
        <Table label="Blocked accesses">
          <Head>
            <HeadCell>Time</HeadCell>
            <HeadCell>Agent</HeadCell>
            <HeadCell>Asked for</HeadCell>
            <HeadCell>Reason given</HeadCell>
            <HeadCell>Record</HeadCell>
          </Head>
          <Body>
            {blocked.slice(0, LISTED).map((access) => (
              <Row key={`${access.chainId} ${access.ordinal}`}>
                <RowHead className="whitespace-nowrap">
                  <Time at={access.recordedAt} as="short" />
                </RowHead>
                <Cell label="Agent" className="whitespace-nowrap">
                  {access.agent}
                </Cell>
                <Cell label="Asked for" className="max-w-56">
                  <span>
                    {access.tool} <span className="text-muted [overflow-wrap:anywhere]">{access.target}</span>
                  </span>
                </Cell>
                <Cell label="Reason given" className="text-muted">
                  {access.reason}
                </Cell>
                <Cell label="Record" className="whitespace-nowrap">
                  <Link className="link" href={`/chains/${access.chainId}?tab=records&record=${access.ordinal}`}>
                    {access.chain} {formatCount(access.ordinal)}
                  </Link>
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </>
  );
}

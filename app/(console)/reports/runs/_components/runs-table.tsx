import { formatBytes } from '@/app/_components/format/bytes';
import { Time } from '@/app/_components/time/time';
import { Link } from '@/app/_components/ui/link';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ReportRun } from '@/lib/schemas/report-runs';
import { runPeriod } from '../run-period';
import { RunState } from './run-state';

export function RunsTable({ runs }: { runs: readonly ReportRun[] }) {
  return (
    <div className="card">
      <Table label="Kept reports">
        <Head>
          <HeadCell>Period</HeadCell>
          <HeadCell>Requested</HeadCell>
          <HeadCell>By</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell numeric>Size</HeadCell>
        </Head>
        <Body>
          {runs.map((run) => (
            <Row key={run.id}>
              <RowHead>
                <Link className="link" data-row-link href={`/reports/runs/${run.id}`}>
                  {runPeriod(run)}
                </Link>
                {run.definition && (
                  <span className="block text-xs font-normal text-muted [overflow-wrap:anywhere]">
                    {run.definition.name}
                  </span>
                )}
              </RowHead>
              <Cell label="Requested" className="whitespace-nowrap">
                <Time at={run.requestedAt} as="second" />
              </Cell>
              <Cell label="By" className="[overflow-wrap:anywhere]">
                {run.requestedBy}
              </Cell>
              <Cell label="State" className="[overflow-wrap:anywhere]">
                <RunState run={run} />
              </Cell>
              <Cell label="Size" numeric>
                {run.state === 'done' ? formatBytes(run.bytes) : ''}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}

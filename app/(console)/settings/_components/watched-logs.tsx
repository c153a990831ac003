import { formatBytes } from '@/app/_components/format/bytes';
import { Ago } from '@/app/_components/time/time';
import { RowLink } from '@/app/_components/list/row-link';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { WatchedLog } from '@/lib/schemas/watched-logs';

const COLUMNS = ['log', 'chain', 'seen'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (log: WatchedLog) => string> = {
  log: ({ log }) => log,
  chain: ({ chain }) => chain,
  seen: ({ seenAt }) => seenAt,
};
const PHASE: Record<WatchedLog['phase'], string> = { live: 'Followed', waiting: 'Waiting', stopped: 'Stopped' };

/** The logs the workers follow themselves; which these are is the configuration's, SEALTRAIL_WATCH. */
export function WatchedLogs({
  logs,
  asked,
}: {
  logs: readonly WatchedLog[];
  /** The order the address asks for. */
  asked: string | undefined;
}) {
  const order = { sort: sortOf(asked, COLUMNS, 'log'), param: 'watched' };
  return (
    <Card title="Watched logs" total={logs.length} flush>
      {logs.length === 0 ? (
        <p className="px-4 py-3 text-faint">SEALTRAIL_WATCH names paths, and no worker has found a log there yet.</p>
      ) : (
        <Table label="Watched logs">
          <Head>
            <SortHead by="log" {...order}>
              Log
            </SortHead>
            <SortHead by="chain" {...order}>
              Chain
            </SortHead>
            <HeadCell>State</HeadCell>
            <SortHead by="seen" {...order} isDownFirst>
              Seen
            </SortHead>
          </Head>
          <Body>
            {sorted(logs, order.sort, VALUES).map(({ host, log, chain, chainId, phase, message, lagBytes, seenAt }) => (
              <Row key={`${host} ${log}`}>
                <RowHead className="font-medium">
                  <span className="break-all">{log}</span>
                  <span className="font-normal text-faint"> on {host}</span>
                </RowHead>
                <Cell label="Chain">{chainId ? <RowLink href={`/chains/${chainId}`}>{chain}</RowLink> : chain}</Cell>
                <Cell label="State">
                  {PHASE[phase]}
                  {lagBytes > 0 && `, ${formatBytes(lagBytes)} behind`}
                  {message && `: ${message}`}
                </Cell>
                <Cell label="Seen">
                  <Ago at={seenAt} />
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      )}
    </Card>
  );
}

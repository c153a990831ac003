import Link from 'next/link';
import { formatBytes } from '@/app/_components/format/bytes';
import { Ago } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { WatchedLog } from '@/lib/schemas/watched-logs';

const PHASE: Record<WatchedLog['phase'], string> = { live: 'Followed', waiting: 'Waiting', stopped: 'Stopped' };

/** The logs the workers follow themselves; which these are is the configuration's, SEALTRAIL_WATCH. */
export function WatchedLogs({ logs }: { logs: readonly WatchedLog[] }) {
  return (
    <Card title="Watched logs" flush>
      {logs.length === 0 ? (
        <p className="px-4 py-3 text-faint">SEALTRAIL_WATCH names paths, and no worker has found a log there yet.</p>
      ) : (
        <Table label="Watched logs">
          <Head>
            <HeadCell>Log</HeadCell>
            <HeadCell>Chain</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell>Seen</HeadCell>
          </Head>
          <Body>
            {logs.map(({ host, log, chain, chainId, phase, message, lagBytes, seenAt }) => (
              <Row key={`${host} ${log}`}>
                <RowHead className="font-medium">
                  <span className="break-all">{log}</span>
                  <span className="font-normal text-faint"> on {host}</span>
                </RowHead>
                <Cell label="Chain">
                  {chainId ? (
                    <Link className="link" href={`/chains/${chainId}`}>
                      {chain}
                    </Link>
                  ) : (
                    chain
                  )}
                </Cell>
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

import { Link } from '@/app/_components/ui/link';
import { formatBytes } from '@/app/_components/format/bytes';
import { formatDuration } from '@/app/_components/format/duration';
import { formatNoun } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import type { Overview } from '@/lib/schemas/reports';

const STAGE = {
  check: 'to be checked',
  load: 'to be made searchable',
  detect: 'to be searched by rules',
  attest: 'to be signed',
} as const;

/** How far what arrives is behind, stage by stage, and what its senders have still to send. */
export function Ingest({ waiting, behind }: Pick<Overview, 'waiting' | 'behind'>) {
  return (
    <Card title="Ingest">
      {waiting.length === 0 && behind.length === 0 && (
        <p className="text-muted">Nothing waits: everything received is checked, searchable and searched by rules.</p>
      )}
      <ul className="space-y-1">
        {waiting.map(({ stage, chains, oldestSeconds }) => (
          <li key={stage}>
            <Link className="link" href={`/chains?waiting=${stage}`}>
              {formatNoun(chains, 'chain')}
            </Link>{' '}
            <span className="text-muted">
              {STAGE[stage]}, the first since {formatDuration(Math.max(1, oldestSeconds) * 1000)}
            </span>
          </li>
        ))}
        {behind.map(({ chainId, chain, bytes }) => (
          <li key={chainId} className="[overflow-wrap:anywhere]">
            <Link className="link" href={`/chains/${chainId}`}>
              {chain}
            </Link>{' '}
            <span className="text-muted">has {formatBytes(bytes)} still to be sent by its forwarder</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

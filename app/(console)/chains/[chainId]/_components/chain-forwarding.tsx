import { TriangleAlert } from 'lucide-react';
import { formatBytes } from '@/app/_components/format/bytes';
import { Time } from '@/app/_components/time/time';
import type { AlarmKind } from '@/lib/core/chain/tail-alarm';
import type { ChainDetail } from '@/lib/schemas/chains';

const WHAT: Record<AlarmKind, string> = {
  truncated: 'The log got shorter at its source',
  replaced: 'Bytes already sent are others at the source now',
  dropped: 'Something of the log can never be sent',
  'rolled-back': 'This server held less than it had acknowledged',
  diverged: 'The log at its source is another one than this chain',
};

/** What forwarders tell of the log: how far behind they are, and what they saw happen to it. */
export function ChainForwarding({ chain: { tail, alarms } }: { chain: ChainDetail }) {
  const lagBytes = tail?.lagBytes ?? 0;
  return (
    <>
      {lagBytes > 0 && (
        <p>{formatBytes(lagBytes)} behind: the forwarder had that much still to send when it last sent something.</p>
      )}
      {alarms.length > 0 && (
        <ul aria-label="Alarms of forwarders">
          {alarms.map(({ id, kind, detail, raisedAt, receivedBy }) => (
            <li key={id} className="flex items-baseline gap-x-2 text-v-tampered">
              <TriangleAlert size={14} aria-hidden className="shrink-0 translate-y-0.5" />
              <span>
                {WHAT[kind]}: {detail}. Seen <Time at={raisedAt} /> by {receivedBy}.
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

'use client';
import { Button } from '@/app/_components/ui/button';
import type { Finding } from '@/lib/schemas/findings';
import { useTriage } from './use-triage';

/** What can be done with a finding. */
export function StatusButtons({ finding }: { finding: Finding }) {
  const { move, gone } = useTriage(finding.status);
  const busy = gone.has(finding.id);
  return (
    <div className="no-print flex flex-wrap items-center gap-2">
      {finding.status !== 'acknowledged' && (
        <Button
          look={finding.status === 'open' ? 'primary' : 'plain'}
          disabled={busy}
          onClick={() => void move([finding], 'acknowledged')}
        >
          Acknowledge
        </Button>
      )}
      {finding.status !== 'closed' && (
        <Button disabled={busy} onClick={() => void move([finding], 'closed')}>
          Close
        </Button>
      )}
      {finding.status !== 'open' && (
        <Button disabled={busy} onClick={() => void move([finding], 'open')}>
          Open again
        </Button>
      )}
    </div>
  );
}

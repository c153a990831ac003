import { Siren } from 'lucide-react';
import { ButtonLink } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import type { Status } from './status-tabs';

const TITLE: Record<Status, string> = {
  open: 'Nothing waits for you',
  acknowledged: 'Nothing is being looked into',
  closed: 'Nothing was closed yet',
};

export function NoFinding({ status, narrowed }: { status: Status; narrowed: boolean }) {
  return (
    <div className="card">
      <Empty
        icon={<Siren size={20} />}
        title={narrowed ? 'No finding matches' : TITLE[status]}
        actions={
          <>
            {narrowed && <ButtonLink href={`/findings?status=${status}`}>Show all levels and chains</ButtonLink>}
            <ButtonLink href="/chains">Chains</ButtonLink>
          </>
        }
      >
        <p>
          Sigma rules look at every record as it is loaded: five or more denials in one session within fifteen minutes,
          or secrets redacted again and again for one agent. What they find appears here with the records that prove it.
        </p>
        {status === 'open' && !narrowed && (
          <p className="mt-2">Closed and acknowledged findings stay under their tabs.</p>
        )}
      </Empty>
    </div>
  );
}

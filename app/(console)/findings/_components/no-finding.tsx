import { Siren } from 'lucide-react';
import { ButtonLink } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import type { FindingStatus } from '@/lib/schemas/triage';

const TITLE: Record<FindingStatus, string> = {
  new: 'Nothing waits for you',
  in_progress: 'Nothing is being looked into',
  on_hold: 'Nothing is on hold',
  resolved: 'Nothing was resolved yet',
  closed: 'Nothing was closed yet',
};

export function NoFinding({ status, narrowed }: { status: FindingStatus; narrowed: boolean }) {
  return (
    <div className="card">
      <Empty
        icon={<Siren size={20} />}
        title={narrowed ? 'No finding matches' : TITLE[status]}
        actions={
          <>
            {narrowed && <ButtonLink href={`/findings?status=${status}`}>Show all levels and chains</ButtonLink>}
            <ButtonLink href="/rules">Rules</ButtonLink>
            <ButtonLink href="/chains">Chains</ButtonLink>
          </>
        }
      >
        <p>
          Rules look at every record as it is loaded: for calls that are refused again and again, for secrets that are
          read before something is sent, for tools an agent never used before. What they find appears here with the
          records that prove it.
        </p>
        {status === 'new' && !narrowed && (
          <p className="mt-2">What was taken up, resolved or closed stays under its tab.</p>
        )}
      </Empty>
    </div>
  );
}

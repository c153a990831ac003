'use client';
import { useHasRole } from '@/app/_components/access/role';
import { Suspense, lazy, useState } from 'react';
import { STATUS_WORDS } from '@/app/_components/triage/words';
import { Button } from '@/app/_components/ui/button';
import { useWanted } from '@/app/_components/ui/dialog';
import { inputClass } from '@/app/_components/ui/field';
import type { Finding } from '@/lib/schemas/findings';
import type { Assignee, FindingChange } from '@/lib/schemas/triage';
import { actsOn } from './use-queue';
import { SuppressButton } from './suppress-button';
import { type Suppressible, isSuppressible } from '@/lib/schemas/suppression-text';
import { type Target, useTriage } from './use-triage';

const DecideDialog = lazy(() => import('./decide-dialog').then((loaded) => ({ default: loaded.DecideDialog })));

type Props = {
  finding: Target & Suppressible & Pick<Finding, 'suppressedBy'>;
  people: readonly Assignee[];
  personId: string;
};

/** Who has the finding that is shown, and what can be done with it by those who may. */
export function FindingActs(props: Props) {
  const { status, assignee } = props.finding;
  if (useHasRole('analyst')) return <Acts {...props} />;
  return (
    <p className="text-xs text-muted">
      {STATUS_WORDS[status]}, {assignee ? `${assignee.name} has it` : 'nobody has it'}
    </p>
  );
}

function Acts({ finding, people, personId }: Props) {
  const { change } = useTriage(finding.status);
  const [busy, setBusy] = useState(false);
  const [deciding, setDeciding] = useState(false);
  const asks = useWanted(deciding);
  const send = async (asked: FindingChange): Promise<void> => {
    setBusy(true);
    await change([finding], asked);
    setBusy(false);
  };
  const acts = actsOn(finding.status);
  const { assignee } = finding;
  const known = assignee && people.every(({ id }) => id !== assignee.id) ? [...people, assignee] : people;
  return (
    <div className="no-print flex flex-wrap items-center gap-2">
      <span className="text-xs text-muted">{STATUS_WORDS[finding.status]}</span>
      <select
        aria-label="Assignee"
        disabled={busy}
        value={assignee?.id ?? ''}
        onChange={({ target }) => void send({ assigneeId: target.value || null })}
        className={`${inputClass} max-w-40`}
      >
        <option value="">Nobody has it</option>
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {finding.status !== 'in_progress' && acts.includes('take') && (
        <Button
          look={finding.status === 'new' ? 'primary' : 'plain'}
          disabled={busy}
          onClick={() => void send({ status: 'in_progress', assigneeId: assignee?.id ?? personId })}
        >
          Take up
        </Button>
      )}
      {finding.status !== 'on_hold' && acts.includes('hold') && (
        <Button disabled={busy} onClick={() => void send({ status: 'on_hold' })}>
          Hold
        </Button>
      )}
      {acts.includes('decide') && (
        <Button disabled={busy} onClick={() => setDeciding(true)}>
          Resolve or close…
        </Button>
      )}
      {acts.includes('reopen') && (
        <Button disabled={busy} onClick={() => void send({ status: 'new' })}>
          Open again
        </Button>
      )}
      {acts.includes('suppress') && isSuppressible(finding) && finding.suppressedBy === null && (
        <SuppressButton finding={finding} disabled={busy} />
      )}
      {asks && (
        <Suspense fallback={null}>
          <DecideDialog count={1} open={deciding} onClose={() => setDeciding(false)} onDecide={send} />
        </Suspense>
      )}
    </div>
  );
}

'use client';
import { useRouter } from 'next/navigation';
import { Only } from '@/app/_components/access/role';
import { api } from '@/app/_components/api/client';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Link } from '@/app/_components/ui/link';
import { Cell, Row, RowHead } from '@/app/_components/ui/table';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { ReportDefinition } from '@/lib/schemas/report-definitions';
import type { NamedDestination } from './delivery-fields';
import { RUN_STATE, capital, periodText, scheduleText, scopeText } from './words';

type Props = {
  definition: ReportDefinition;
  destinations: readonly NamedDestination[];
  onEdit: () => void;
  onDelete: () => void;
};

export function DefinitionRow({ definition, destinations, onEdit, onDelete }: Props) {
  const { id, name, period, timeZone, lastRun, destinationIds } = definition;
  const sentTo = destinations.filter((one) => destinationIds.includes(one.id)).map((one) => one.name);
  return (
    <Row>
      <RowHead className="py-2">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        <span className="block text-xs text-muted [overflow-wrap:anywhere]">{scopeText(definition)}</span>
      </RowHead>
      <Cell label="Period" className="[overflow-wrap:anywhere]">
        {periodText(period)}
        <span className="block text-xs text-muted">{timeZone}</span>
      </Cell>
      <Cell label="Schedule" className="[overflow-wrap:anywhere]">
        <When definition={definition} />
        {sentTo.length > 0 && <span className="block text-xs text-muted">Sent to {sentTo.join(', ')}</span>}
      </Cell>
      <Cell label="Last run">
        {lastRun === null ? (
          <span className="text-muted">none yet</span>
        ) : (
          <>
            <Link className="link inline-flex min-h-6 items-center" href={`/reports/runs/${lastRun.id}`}>
              <Time at={lastRun.requestedAt} />
            </Link>
            , {RUN_STATE[lastRun.state]}
            <span className="block text-xs">
              <Link
                className="link inline-flex min-h-6 items-center"
                href={`/reports/runs?definition=${id}`}
                aria-label={`All runs of ${name}`}
              >
                all runs
              </Link>
            </span>
          </>
        )}
      </Cell>
      <Cell numeric className="whitespace-nowrap">
        <Only need="analyst">
          <Actions definition={definition} onEdit={onEdit} onDelete={onDelete} />
        </Only>
      </Cell>
    </Row>
  );
}

function When({ definition: { schedule, isPaused, nextRunAt } }: Pick<Props, 'definition'>) {
  if (!schedule) return <span className="text-muted">by hand</span>;
  return (
    <>
      {capital(scheduleText(schedule))}
      <span className="block text-xs text-muted">
        {isPaused || !nextRunAt ? (
          'Paused'
        ) : (
          <>
            Next <Time at={nextRunAt} />
          </>
        )}
      </span>
    </>
  );
}

function Actions({ definition: { id, name, schedule, isPaused }, onEdit, onDelete }: Omit<Props, 'destinations'>) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'It did not work' });
  async function run(): Promise<'leaving'> {
    const { ReportRun } = await import('@/lib/schemas/report-runs');
    const made = await api(ReportRun, `/api/v1/reports/definitions/${id}/run`, { method: 'POST', body: {} });
    router.push(`/reports/runs/${made.id}`);
    return 'leaving';
  }
  async function turn(): Promise<void> {
    const { ReportDefinition: Answer } = await import('@/lib/schemas/report-definitions');
    await api(Answer, `/api/v1/reports/definitions/${id}`, { method: 'PATCH', body: { isPaused: !isPaused } });
    toast(isPaused ? `“${name}” runs again` : `“${name}” is paused`);
    router.refresh();
  }
  return (
    <div className="flex flex-wrap justify-end gap-1">
      <Button size="sm" disabled={busy} aria-label={`Run now: ${name}`} onClick={() => submit(run)}>
        {busy ? 'Asking…' : 'Run now'}
      </Button>
      {schedule && (
        <Button
          look="ghost"
          size="sm"
          disabled={busy}
          aria-label={`${isPaused ? 'Resume' : 'Pause'} ${name}`}
          onClick={() => submit(turn)}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
      )}
      <Button look="ghost" size="sm" aria-label={`Change ${name}`} onClick={onEdit}>
        Change
      </Button>
      <Button look="ghost" size="sm" aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </Button>
    </div>
  );
}

'use client';
import { Only } from '@/app/_components/access/role';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { Ago } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Cell, Row, RowHead } from '@/app/_components/ui/table';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { Destination } from '@/lib/schemas/notifications';
import { KIND, filterWords } from './words';

/** A destination, how telling it goes, and what can be done. */
export function DestinationRow({
  destination,
  onEdit,
  onDelete,
}: {
  destination: Destination;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const { name, kind, address, filter } = destination;
  return (
    <Row>
      <RowHead className="py-2">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        <span className="block text-xs text-muted [overflow-wrap:anywhere]">
          {KIND[kind]}, {address}
        </span>
      </RowHead>
      <Cell label="Told of" className="[overflow-wrap:anywhere]">
        {filterWords(filter)}
      </Cell>
      <Cell label="State">
        <State destination={destination} />
      </Cell>
      <Cell numeric className="whitespace-nowrap">
        <Only need="administrator">
          <Actions destination={destination} onEdit={onEdit} onDelete={onDelete} />
        </Only>
      </Cell>
    </Row>
  );
}

function State({ destination: { isEnabled, failing, failed, sentAt } }: { destination: Destination }) {
  return (
    <>
      {!isEnabled ? (
        <span className="text-muted">Off</span>
      ) : failing ? (
        <span className="text-v-tampered [overflow-wrap:anywhere]">
          Failing <Ago at={failing.since} />: {failing.failure}
        </span>
      ) : sentAt ? (
        <>
          Told <Ago at={sentAt} />
        </>
      ) : (
        <span className="text-muted">Nothing to tell yet</span>
      )}
      {failed > 0 && <span className="block text-xs text-muted">{formatNoun(failed, 'message')} given up</span>}
    </>
  );
}

function Actions({ destination, onEdit, onDelete }: Parameters<typeof DestinationRow>[0]) {
  const { id, name, isEnabled } = destination;
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'It did not work' });
  async function test(): Promise<void> {
    const { Delivery } = await import('@/lib/schemas/notifications');
    const { tries } = await api(Delivery, `/api/v1/notifications/destinations/${id}/test`, { method: 'POST' });
    const [last] = tries;
    if (last?.ok)
      toast(`“${name}” received the test`, {
        description: `It answered ${last.status ?? ''} in ${last.durationMs} ms.`,
      });
    else toastError(`“${name}” did not receive the test`, last?.failure ?? 'Nothing was sent.');
    router.refresh();
  }
  async function turn(): Promise<void> {
    const schemas = await import('@/lib/schemas/notifications');
    await api(schemas.Destination, `/api/v1/notifications/destinations/${id}`, {
      method: 'PATCH',
      body: { isEnabled: !isEnabled },
    });
    toast(isEnabled ? `“${name}” is told nothing more` : `“${name}” is told again`);
    router.refresh();
  }
  return (
    <div className="flex flex-wrap justify-end gap-1">
      <Button size="sm" disabled={busy} aria-label={`Send a test to ${name}`} onClick={() => submit(test)}>
        {busy ? 'Sending…' : 'Test'}
      </Button>
      <Button look="ghost" size="sm" disabled={busy} onClick={() => submit(turn)}>
        {isEnabled ? 'Turn off' : 'Turn on'}
        <span className="sr-only"> {name}</span>
      </Button>
      <Button look="ghost" size="sm" onClick={onEdit}>
        Change<span className="sr-only"> {name}</span>
      </Button>
      <Button look="danger" size="sm" onClick={onDelete}>
        Delete<span className="sr-only"> {name}</span>
      </Button>
    </div>
  );
}

'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import { DialogForm, useForm } from '@/app/_components/ui/form';
import { toast, toastError } from '@/app/_components/ui/toasts';
import type { CreatedDestination, Destination } from '@/lib/schemas/notifications';
import { FilterFields, type NamedRule, filterOf, listedIn } from './filter-fields';

type Props = {
  /** What is changed; null while nothing is. */
  edited: Destination | 'new' | null;
  onClose: () => void;
  hasMail: boolean;
  rules: readonly NamedRule[];
};

/** Makes a destination and shows the secret of a webhook, once; or changes what one is told of. */
export function DestinationDialog({ edited, onClose, hasMail, rules }: Props) {
  const router = useRouter();
  const [made, setMade] = useState<CreatedDestination | null>(null);
  const known = edited === 'new' ? null : edited;
  const form = useForm({
    send: async (field, all) => {
      const schemas = await import('@/lib/schemas/notifications');
      const what = { name: field('name'), filter: filterOf(all) };
      if (known) {
        const path = `/api/v1/notifications/destinations/${known.id}`;
        const written = field('address').trim();
        await api(schemas.Destination, path, { method: 'PATCH', body: { ...what, ...addressOf(known.kind, written) } });
        if (written === '') toast(`“${what.name}” changed`);
        else {
          const { state, tries } = await api(schemas.Delivery, `${path}/test`, { method: 'POST' });
          if (state === 'sent') toast(`“${what.name}” changed, and a test arrived at its new address`);
          else
            toastError(`“${what.name}” changed, but a test did not arrive`, tries[0]?.failure ?? 'it is not known why');
        }
      } else {
        const kind = field('kind');
        const body = { ...what, kind, ...addressOf(kind, field('address').trim()) };
        const created = await api(schemas.CreatedDestination, '/api/v1/notifications/destinations', {
          method: 'POST',
          body,
        });
        router.refresh();
        if (created.secret !== null) return setMade(created);
        toast(`“${created.name}” added`);
      }
      router.refresh();
      close();
    },
  });
  function close(): void {
    setMade(null);
    form.clearError();
    onClose();
  }
  return (
    <Dialog
      open={edited !== null}
      onOpenChange={(open) => !open && close()}
      title={made ? `Secret of “${made.name}”` : known ? `Change “${known.name}”` : 'Add a destination'}
      description={
        made
          ? 'Copy it now: it is not shown again. What receives the messages checks their signatures with it.'
          : known
            ? 'A new address is sent a test at once, and what waits goes there.'
            : 'It is told from now on; a test shows whether it arrives.'
      }
    >
      {made ? (
        <Secret secret={made.secret ?? ''} onClose={close} />
      ) : (
        <DialogForm
          form={form}
          onCancel={close}
          action={known ? 'Save' : 'Add'}
          whileBusy={known ? 'Saving…' : 'Adding…'}
        >
          <Field label="Name" name="name" required maxLength={100} defaultValue={known?.name} autoComplete="off" />
          {known ? <NewAddress of={known} /> : <AddressFields hasMail={hasMail} />}
          <FilterFields filter={known?.filter} rules={rules} />
        </DialogForm>
      )}
    </Dialog>
  );
}

/** As the API takes it; nothing where none is written. */
function addressOf(kind: string, written: string): { to?: string[]; url?: string } {
  if (written === '') return {};
  return kind === 'email' ? { to: listedIn(written) } : { url: written };
}

/** Another address of one that has one, which stays where this is left empty. */
function NewAddress({ of: { kind, address } }: { of: Destination }) {
  const isMail = kind === 'email';
  return (
    <Field
      label={isMail ? 'New addresses, with commas between' : 'New address'}
      name="address"
      type={isMail ? 'text' : 'url'}
      maxLength={2000}
      autoComplete="off"
      spellCheck={false}
      placeholder={`stays ${address}`}
    />
  );
}

function AddressFields({ hasMail }: { hasMail: boolean }) {
  const [kind, setKind] = useState('webhook');
  return (
    <>
      <Labelled label="Kind">
        <select name="kind" value={kind} onChange={({ target }) => setKind(target.value)} className={inputClass}>
          <option value="webhook">Webhook, signed</option>
          <option value="slack">Slack, or what takes its messages</option>
          <option value="email" disabled={!hasMail}>
            {hasMail ? 'Mail' : 'Mail: no mail server is stated'}
          </option>
        </select>
      </Labelled>
      {kind === 'email' ? (
        <Field
          label="Addresses, with commas between"
          name="address"
          required
          autoComplete="off"
          placeholder="soc@example.org"
        />
      ) : (
        <Field
          label="Address"
          name="address"
          type="url"
          required
          maxLength={2000}
          autoComplete="off"
          spellCheck={false}
          placeholder={kind === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://siem.example.org/sealtrail'}
        />
      )}
    </>
  );
}

const focus = (part: HTMLElement | null): void => part?.focus();

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <div ref={focus} tabIndex={-1} className="space-y-4 outline-none">
      <Command label="Copy secret" wrap>
        {secret}
      </Command>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}

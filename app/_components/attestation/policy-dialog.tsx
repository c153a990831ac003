'use client';
import { SlidersHorizontal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import {
  type AttestationPolicy,
  COMPANION_LABEL,
  COMPANION_PREDICATES,
  ChainAttestationPolicy,
} from '@/lib/schemas/attestation-requests';
import { api, sayError } from '../api/client';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { toast } from '../ui/toasts';

/** Changes when chains are attested: one, or all without a policy of their own. */
export function PolicyDialog({ path, policy }: { path: string; policy: ChainAttestationPolicy }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function send(method: 'PUT' | 'DELETE', body?: AttestationPolicy): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await api(ChainAttestationPolicy, path, { method, ...(body && { body }) });
      setOpen(false);
      toast('Policy changed');
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    }
    setBusy(false);
  }
  function save(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    void send('PUT', policyIn(new FormData(event.currentTarget)));
  }
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <SlidersHorizontal size={14} aria-hidden />
        Policy
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="When to attest"
        description="What does not hold is attested as what does not hold; nothing is left out."
      >
        <form onSubmit={save} className="space-y-4">
          <fieldset className="space-y-2">
            <legend className="sr-only">When</legend>
            <Check
              name="onClose"
              label="Whenever a segment is closed or an upload changes the chain"
              on={policy.onClose}
            />
            <Check name="onSeal" label="When the chain is sealed" on={policy.onSeal} />
          </fieldset>
          <div className="grid gap-3 sm:grid-cols-3">
            <Field
              label="Every so many records"
              name="everyRecords"
              type="number"
              min={1}
              defaultValue={policy.everyRecords ?? ''}
              hint="An open segment is closed for it."
            />
            <Field
              label="Every so many minutes"
              name="everyMinutes"
              type="number"
              min={1}
              defaultValue={policy.everyMinutes ?? ''}
            />
            <Field
              label="Alert after minutes"
              name="alertAfterMinutes"
              type="number"
              min={1}
              defaultValue={policy.alertAfterMinutes ?? ''}
              hint="When a record stays unsigned."
            />
          </div>
          <fieldset className="space-y-2">
            <legend className="mb-1 text-xs font-medium text-muted">Also state it as</legend>
            {COMPANION_PREDICATES.map((predicate) => (
              <Check
                key={predicate}
                name="predicates"
                value={predicate}
                label={COMPANION_LABEL[predicate]}
                on={policy.predicates.includes(predicate)}
              />
            ))}
          </fieldset>
          {error && (
            <p role="alert" className="text-v-tampered">
              {error}
            </p>
          )}
          <div className="flex flex-wrap justify-end gap-2">
            {policy.isOwn && path.includes('/chains/') && (
              <Button look="ghost" disabled={busy} onClick={() => void send('DELETE')}>
                Use the policy of all chains
              </Button>
            )}
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button look="primary" type="submit" disabled={busy}>
              {busy ? 'Saving…' : 'Save'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

function Check({ name, value, label, on }: { name: string; value?: string; label: string; on: boolean }) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        name={name}
        value={value ?? 'on'}
        defaultChecked={on}
        className="mt-0.5 size-4 accent-(--color-seal)"
      />
      <span>{label}</span>
    </label>
  );
}

function policyIn(form: FormData): AttestationPolicy {
  const count = (name: string) => (form.get(name) ? Number(form.get(name)) : null);
  return {
    onClose: form.has('onClose'),
    onSeal: form.has('onSeal'),
    everyRecords: count('everyRecords'),
    everyMinutes: count('everyMinutes'),
    alertAfterMinutes: count('alertAfterMinutes'),
    predicates: COMPANION_PREDICATES.filter((predicate) => form.getAll('predicates').includes(predicate)),
  };
}

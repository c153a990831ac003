'use client';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { KNOWN_COMPANIONS } from '#known';
import type { AttestationPolicy, ChainAttestationPolicy } from '@/lib/schemas/attestation-requests';
import { api } from '../api/client';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { toast } from '../ui/toasts';

/** Changes when chains are attested: one, or all without a policy of their own. */
export function PolicyDialog({ path, policy }: { path: string; policy: ChainAttestationPolicy }) {
  const [open, setOpen] = useState(false);
  async function change(method: 'PUT' | 'DELETE', body?: AttestationPolicy): Promise<void> {
    const schemas = await import('@/lib/schemas/attestation-requests');
    await api(schemas.ChainAttestationPolicy, path, { method, ...(body && { body }) });
    toast('Policy changed');
  }
  const canFollowAll = policy.isOwn && path.includes('/chains/');
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <SlidersHorizontal size={14} aria-hidden />
        Policy
      </Button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="When to attest"
        description="What does not hold is attested as what does not hold; nothing is left out."
        send={(_, all) => change('PUT', policyIn(all))}
        instead={canFollowAll ? { label: 'Use the policy of all chains', send: () => change('DELETE') } : undefined}
        action="Save"
        whileBusy="Saving…"
      >
        <PolicyFields policy={policy} />
      </FormDialog>
    </>
  );
}

function PolicyFields({ policy }: { policy: AttestationPolicy }) {
  return (
    <>
      <fieldset className="space-y-2">
        <legend className="sr-only">When</legend>
        <Check name="onClose" label="Whenever a segment is closed or an upload changes the chain" on={policy.onClose} />
        <Check name="onSeal" label="When the chain is sealed" on={policy.onSeal} />
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-3">
        <CountField
          label="Every so many records"
          name="everyRecords"
          count={policy.everyRecords}
          hint="An open segment is closed for it."
        />
        <CountField label="Every so many minutes" name="everyMinutes" count={policy.everyMinutes} />
        <CountField
          label="Alert after minutes"
          name="alertAfterMinutes"
          count={policy.alertAfterMinutes}
          hint="When a record stays unsigned."
        />
      </div>
      <fieldset className="space-y-2">
        <legend className="mb-1 text-xs font-medium text-muted">Also state it as</legend>
        {KNOWN_COMPANIONS.map(({ id: predicate, label }) => (
          <Check
            key={predicate}
            name="predicates"
            value={predicate}
            label={label}
            on={policy.predicates.includes(predicate)}
          />
        ))}
      </fieldset>
    </>
  );
}

function CountField({
  count,
  ...field
}: {
  label: string;
  name: keyof AttestationPolicy;
  count: number | null;
  hint?: string;
}) {
  return <Field type="number" min={1} defaultValue={count ?? ''} {...field} />;
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
    predicates: KNOWN_COMPANIONS.map(({ id }) => id).filter((id) => form.getAll('predicates').includes(id)),
  };
}

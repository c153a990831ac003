'use client';
import { useHasRole } from '@/app/_components/access/role';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { STATUSES, STATUS_WORDS } from '@/app/_components/triage/words';
import { Button } from '@/app/_components/ui/button';
import { Field, inputClass } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { Case } from '@/lib/schemas/cases';
import type { Assignee } from '@/lib/schemas/triage';

/** How far a case is, who has it, and what it is called. */
export function CaseActs({ of, people }: { of: Case; people: readonly Assignee[] }) {
  const router = useRouter();
  const [renaming, setRenaming] = useState(false);
  const { busy, submit } = useSubmit({ failed: 'The case was not changed' });
  const change = (body: object) =>
    submit(async () => {
      await api(null, `/api/v1/cases/${of.id}`, { method: 'PATCH', body });
      router.refresh();
    });
  const { owner } = of;
  const isOffered = useHasRole('analyst');
  const known = owner && people.every(({ id }) => id !== owner.id) ? [...people, owner] : people;
  if (!isOffered)
    return (
      <p className="text-muted">
        {STATUS_WORDS[of.status]}, {owner ? `${owner.name} has it` : 'nobody has it'}
      </p>
    );
  return (
    <div className="no-print flex min-w-0 flex-1 flex-wrap items-center gap-2 max-sm:basis-full">
      <select
        aria-label="Status"
        disabled={busy}
        value={of.status}
        onChange={({ target }) => change({ status: target.value })}
        className={`${inputClass} max-w-36`}
      >
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS_WORDS[status]}
          </option>
        ))}
      </select>
      <select
        aria-label="Owner"
        disabled={busy}
        value={owner?.id ?? ''}
        onChange={({ target }) => change({ ownerId: target.value || null })}
        className={`${inputClass} max-w-40`}
      >
        <option value="">Nobody has it</option>
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Button disabled={busy} onClick={() => setRenaming(true)}>
        Rename
      </Button>
      <FormDialog
        open={renaming}
        onOpenChange={setRenaming}
        title="Rename the case"
        action="Rename"
        whileBusy="Renaming…"
        send={async (field) => {
          await api(null, `/api/v1/cases/${of.id}`, { method: 'PATCH', body: { title: field('title') } });
        }}
      >
        <Field label="Title" name="title" required maxLength={200} autoComplete="off" defaultValue={of.title} />
      </FormDialog>
    </div>
  );
}

'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button, ButtonLink } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormError } from '@/app/_components/ui/form';
import { toast } from '@/app/_components/ui/toasts';
import { type Sent, useSubmit } from '@/app/_components/ui/use-submit';
import type { RuleCheck } from '@/lib/schemas/rules';

/** The rule that is edited, and which of its versions. */
export type Edited = { id: string; version: number };

type Props = {
  yaml: string;
  /** Null while the text is none, or is not known to be one. */
  rule: RuleCheck['rule'];
  /** Null for a rule that is new. */
  edited: Edited | null;
  isChanged: boolean;
};

/** Keeps what was written: as a new rule, or as the next version of one. */
export function SaveForm({ yaml, rule, edited, isChanged }: Props) {
  const router = useRouter();
  const [note, setNote] = useState('');
  const [isEnabled, setEnabled] = useState(true);
  const { busy, error, submit } = useSubmit();
  const isOther = edited !== null && rule !== null && rule.id !== edited.id;
  async function save(): Sent {
    if (!rule) return;
    if (edited)
      await api(null, `/api/v1/rules/${edited.id}`, { method: 'PUT', body: { yaml, note, version: edited.version } });
    else await api(null, '/api/v1/rules', { method: 'POST', body: { yaml, note, isEnabled } });
    toast(`“${rule.title}” was saved`, {
      description: edited || isEnabled ? 'It looks at what was recorded before as well.' : 'It does not run yet.',
    });
    router.push(`/rules/${rule.id}`);
    router.refresh();
    return 'leaving';
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) submit(save);
      }}
      className="card space-y-3 p-4"
    >
      <Field
        label="Note"
        hint="Why, for whoever reads the history of this rule."
        value={note}
        maxLength={1_000}
        onChange={({ target }) => setNote(target.value)}
      />
      {!edited && (
        <label className="flex min-h-6 items-center gap-2">
          <input
            type="checkbox"
            checked={isEnabled}
            onChange={({ target }) => setEnabled(target.checked)}
            className="size-3.5 accent-ink"
          />
          It runs at once
        </label>
      )}
      {isOther && <p className="text-v-tampered">This rule keeps its id, {edited.id}. For another id, clone it.</p>}
      <FormError error={error} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={busy || !rule || isOther || (edited !== null && !isChanged)}>
          {busy ? 'Saving…' : edited ? `Save as version ${edited.version + 1}` : 'Save the rule'}
        </Button>
        <ButtonLink href={edited ? `/rules/${edited.id}` : '/rules'} prefetch={false}>
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}

'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { z } from 'zod';
import { api } from '@/app/_components/api/client';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field, Labelled, inputClass } from '@/app/_components/ui/field';
import { DialogForm, useForm } from '@/app/_components/ui/form';
import type { CreatedToken } from '@/lib/schemas/settings';
import { CreatedTokenCommands } from './created-token-commands';

const SCOPES = [
  ['ingest', 'Send logs and sign attestations'],
  ['read', 'Read chains, findings, reports and evidence'],
] as const;

/** Makes a token and shows it, once. */
export function NewTokenDialog({
  open,
  onOpenChange,
  url,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  url: string;
}) {
  const router = useRouter();
  const [made, setMade] = useState<z.infer<typeof CreatedToken> | null>(null);
  const form = useForm({
    send: async (field, all) => {
      const scopes = all.getAll('scopes');
      if (scopes.length === 0) throw new Error('Choose at least one thing the token may do.');
      const schemas = await import('@/lib/schemas/settings');
      setMade(
        await api(schemas.CreatedToken, '/api/v1/tokens', {
          method: 'POST',
          body: {
            name: field('name'),
            scopes,
            chains: namesIn(field('chains')),
            expiresInDays: Number(field('expires')) || null,
          },
        }),
      );
      router.refresh();
    },
  });
  function change(next: boolean): void {
    onOpenChange(next);
    if (next) return;
    setMade(null);
    form.clearError();
  }
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={made ? `Token “${made.name}”` : 'New API token'}
      description={
        made
          ? 'Copy it now: it is not shown again.'
          : 'For one program on one machine, so that it can be revoked by itself.'
      }
    >
      {made ? (
        <CreatedTokenCommands made={made} url={url} onClose={() => change(false)} />
      ) : (
        <DialogForm form={form} onCancel={() => change(false)} action="Make token" whileBusy="Making…">
          <Field label="Name" name="name" required maxLength={80} placeholder="build server" autoComplete="off" />
          <Scopes />
          <Field
            label="Only to these chains"
            name="chains"
            placeholder="team-a/*, build-server"
            autoComplete="off"
            hint="Names with commas between them; a * at the end stands for all that begin so. Left empty, every chain."
          />
          <Expiry />
        </DialogForm>
      )}
    </Dialog>
  );
}

/** Null where none is named. */
function namesIn(text: string): string[] | null {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names.length > 0 ? names : null;
}

function Scopes() {
  return (
    <fieldset className="space-y-1">
      <legend className="mb-1 text-xs font-medium text-muted">It may</legend>
      {SCOPES.map(([scope, label]) => (
        <label key={scope} className="flex min-h-7 items-center gap-2">
          <input
            type="checkbox"
            name="scopes"
            value={scope}
            defaultChecked={scope === 'ingest'}
            className="size-4 accent-ink"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Expiry() {
  return (
    <Labelled label="Expires">
      <select name="expires" defaultValue="" className={inputClass}>
        <option value="">never, until it is revoked</option>
        <option value="30">after 30 days</option>
        <option value="90">after 90 days</option>
        <option value="365">after a year</option>
      </select>
    </Labelled>
  );
}

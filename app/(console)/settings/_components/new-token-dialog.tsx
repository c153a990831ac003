'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field, inputClass } from '@/app/_components/ui/field';
import { CreatedToken } from '@/lib/schemas/settings';

type Props = { open: boolean; onOpenChange: (open: boolean) => void; url: string };
const SCOPES = [
  ['ingest', 'Send logs and sign attestations'],
  ['read', 'Read chains, findings, reports and evidence'],
] as const;

/** Makes a token and shows it, once. */
export function NewTokenDialog({ open, onOpenChange, url }: Props) {
  const router = useRouter();
  const [made, setMade] = useState<z.infer<typeof CreatedToken> | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function create(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (form.getAll('scopes').length === 0) return setError('Choose at least one thing the token may do.');
    setBusy(true);
    setError(null);
    try {
      setMade(
        await api(CreatedToken, '/api/v1/tokens', {
          method: 'POST',
          body: {
            name: form.get('name'),
            scopes: form.getAll('scopes'),
            expiresInDays: Number(form.get('expires')) || null,
          },
        }),
      );
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    } finally {
      setBusy(false);
    }
  }
  function change(next: boolean): void {
    onOpenChange(next);
    if (!next) {
      setMade(null);
      setError(null);
    }
  }

  if (made) {
    return (
      <Dialog
        open={open}
        onOpenChange={change}
        title={`Token “${made.name}”`}
        description="Copy it now: it is not shown again."
      >
        <div className="space-y-4">
          <Command label="Copy token" wrap>
            {made.token}
          </Command>
          <div>
            <p className="mb-1.5 text-xs text-muted">
              {made.scopes.includes('ingest') ? 'Send a log with it:' : 'Read with it:'}
            </p>
            <Command wrap>
              {made.scopes.includes('ingest')
                ? `curl -T audit.jsonl -H "Authorization: Bearer ${made.token}" \\\n  ${url}/api/v1/uploads/audit.jsonl`
                : `curl -H "Authorization: Bearer ${made.token}" \\\n  ${url}/api/v1/chains`}
            </Command>
          </div>
          <div className="flex justify-end">
            <Button look="primary" onClick={() => change(false)}>
              I have copied it
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title="New API token"
      description="For one program on one machine, so that it can be revoked by itself."
    >
      <form onSubmit={(event) => void create(event)} className="space-y-4">
        <Field label="Name" name="name" required maxLength={80} placeholder="build server" autoComplete="off" />
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
        <label className="flex flex-col gap-1 text-xs font-medium text-muted">
          Expires
          <select name="expires" defaultValue="" className={inputClass}>
            <option value="">never, until it is revoked</option>
            <option value="30">after 30 days</option>
            <option value="90">after 90 days</option>
            <option value="365">after a year</option>
          </select>
        </label>
        {error && (
          <p role="alert" className="text-v-tampered">
            {error}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            Make token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

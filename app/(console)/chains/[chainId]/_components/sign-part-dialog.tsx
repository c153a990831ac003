'use client';
import { Scissors } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import * as z from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field, inputClass } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import { Attestation } from '@/lib/schemas/attestations';
import { AttestationRequest } from '@/lib/schemas/attestation-requests';

type Kind = 'range' | 'session' | 'run';

/** Attests a range of records, a session or a run on its own. */
export function SignPartDialog({
  chainId,
  records,
  disabled,
}: {
  chainId: string;
  records: number;
  disabled: boolean;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [kind, setKind] = useState<Kind>('range');
  const [error, setError] = useState<string | undefined>();
  async function sign(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const id = String(form.get('id') ?? '').trim();
    const scope =
      kind === 'range'
        ? { kind, first: Number(form.get('first')), last: Number(form.get('last')) }
        : { kind, [kind]: id };
    setBusy(true);
    setError(undefined);
    try {
      const answer = await api(z.union([Attestation, AttestationRequest]), `/api/v1/chains/${chainId}/attestations`, {
        method: 'POST',
        body: { scope },
      });
      setOpen(false);
      if ('verdict' in answer) router.push(`/attestations/${answer.id}`);
      else {
        toast('It waits to be signed', { description: answer.failure ?? '' });
        router.refresh();
      }
    } catch (cause) {
      setError(sayError(cause));
    }
    setBusy(false);
  }
  return (
    <>
      <Button disabled={disabled} onClick={() => setOpen(true)}>
        <Scissors size={14} aria-hidden />
        Sign a part
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Sign a part of this chain"
        description="A statement on exactly these records, which can be handed over as a file of their own, without the rest."
      >
        <form onSubmit={(event) => void sign(event)} className="space-y-4">
          <label className="flex flex-col gap-1">
            <span className="text-xs font-medium text-muted">What</span>
            <select
              className={inputClass}
              value={kind}
              onChange={({ target }) => setKind(target.value as Kind) /* one of the options below */}
            >
              <option value="range">A range of records</option>
              <option value="session">A session</option>
              <option value="run">A run</option>
            </select>
          </label>
          {kind === 'range' ? (
            <div className="grid gap-3 sm:grid-cols-2">
              <Field
                label="First record"
                name="first"
                type="number"
                min={0}
                max={Math.max(0, records - 1)}
                required
                defaultValue={0}
              />
              <Field
                label="Last record"
                name="last"
                type="number"
                min={0}
                max={Math.max(0, records - 1)}
                required
                defaultValue={Math.max(0, records - 1)}
                error={error}
              />
            </div>
          ) : (
            <Field
              label={kind === 'session' ? 'Session id' : 'Run id'}
              name="id"
              required
              autoComplete="off"
              spellCheck={false}
              error={error}
            />
          )}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button look="primary" type="submit" disabled={busy}>
              {busy ? 'Signing…' : 'Sign'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

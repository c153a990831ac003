'use client';
import { Stamp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import * as z from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import { Attestation } from '@/lib/schemas/attestations';
import { AttestationRequest } from '@/lib/schemas/attestation-requests';

/** Signs one statement over what every chain recorded in whole days. */
export function AttestPeriod() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  async function sign(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scope = {
      kind: 'period',
      from: `${String(form.get('from'))}T00:00:00Z`,
      to: dayAfter(String(form.get('to'))),
    };
    setBusy(true);
    setError(undefined);
    try {
      const answer = await api(z.union([Attestation, AttestationRequest]), '/api/v1/attestations', {
        method: 'POST',
        body: { scope },
      });
      setOpen(false);
      if ('verdict' in answer) router.push(`/attestations/${answer.id}`);
      else {
        toast('The period waits to be signed', { description: answer.failure ?? '' });
        router.push('/attestations?view=waiting');
      }
    } catch (cause) {
      setError(sayError(cause));
    }
    setBusy(false);
  }
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Stamp size={14} aria-hidden />
        Attest a period
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Attest a period"
        description="One statement on every chain that recorded something in these days, each with its verdict as it stands: what an auditor asks for."
      >
        <form onSubmit={(event) => void sign(event)} className="space-y-4">
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="First day (UTC)" name="from" type="date" required />
            <Field label="Last day (UTC)" name="to" type="date" required error={error} />
          </div>
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

function dayAfter(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 1);
  return `${at.toISOString().slice(0, 10)}T00:00:00Z`;
}

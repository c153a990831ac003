'use client';
import { Ban } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import { Attestation } from '@/lib/schemas/attestations';

/** Takes an attestation back for good, with a reason everybody can read. */
export function WithdrawDialog({ attestationId }: { attestationId: string }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | undefined>();
  async function withdraw(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await api(Attestation, `/api/v1/attestations/${attestationId}/withdraw`, { method: 'POST', body: { reason } });
      setOpen(false);
      toast('Withdrawn');
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    }
    setBusy(false);
  }
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        <Ban size={14} aria-hidden />
        Withdraw
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Withdraw this attestation?"
        description="It covers nothing any more, and that cannot be undone. The bundle stays as it was signed; the public log of this Sealtrail says that it was withdrawn, and why."
      >
        <form onSubmit={(event) => void withdraw(event)} className="space-y-4">
          <Field
            label="Reason, for everybody to read"
            value={reason}
            onChange={({ target }) => setReason(target.value)}
            maxLength={1000}
            required
            autoComplete="off"
            error={error}
          />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button look="danger" type="submit" disabled={busy || reason.trim() === ''}>
              {busy ? 'Withdrawing…' : 'Withdraw'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

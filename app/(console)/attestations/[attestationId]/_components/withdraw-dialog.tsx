'use client';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';

/** Takes an attestation back for good, with a reason everybody can read. */
export function WithdrawDialog({ attestationId }: { attestationId: string }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  async function withdraw(): Promise<void> {
    const { Attestation } = await import('@/lib/schemas/attestations');
    await api(Attestation, `/api/v1/attestations/${attestationId}/withdraw`, { method: 'POST', body: { reason } });
    toast('Withdrawn');
  }
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        <Ban size={14} aria-hidden />
        Withdraw
      </Button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="Withdraw this attestation?"
        description="It covers nothing any more, and that cannot be undone. The bundle stays as it was signed; the public log of this Sealtrail says that it was withdrawn, and why."
        send={withdraw}
        ready={reason.trim() !== ''}
        cancel="Keep it"
        look="danger"
        action="Withdraw"
        whileBusy="Withdrawing…"
      >
        <Field
          label="Reason, for everybody to read"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          maxLength={1000}
          required
          autoComplete="off"
        />
      </FormDialog>
    </>
  );
}

'use client';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';
import { Seal } from '@/lib/schemas/appends';

/** Ends a chain for good, after asking. */
export function SealDialog({ chainId, name }: { chainId: string; name: string }) {
  const [open, setOpen] = useState(false);
  async function seal(): Promise<void> {
    await api(Seal, `/api/v1/chains/${chainId}/seal`, { method: 'POST', body: {} });
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Lock size={14} aria-hidden />
        Seal
      </Button>
      <ConfirmByName
        name={open ? name : null}
        onClose={() => setOpen(false)}
        title={`Seal ${name}?`}
        description="The chain accepts no more records, by append or upload, and that cannot be undone. The open segment is closed and its head recorded, and the chain is attested as it then stands."
        send={seal}
        cancel="Keep it open"
        look="primary"
        action="Seal the chain"
        whileBusy="Sealing…"
      />
    </>
  );
}

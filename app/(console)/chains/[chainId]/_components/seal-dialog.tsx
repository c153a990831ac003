'use client';
import { Lock } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { toastError } from '@/app/_components/ui/toasts';
import { Seal } from '@/lib/schemas/appends';

/** Ends a chain for good, after asking. */
export function SealDialog({ chainId, name }: { chainId: string; name: string }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [typed, setTyped] = useState('');
  async function seal(): Promise<void> {
    setBusy(true);
    try {
      await api(Seal, `/api/v1/chains/${chainId}/seal`, { method: 'POST', body: {} });
      setOpen(false);
      router.refresh();
    } catch (error) {
      toastError('The chain is not sealed', sayError(error));
    }
    setBusy(false);
  }
  return (
    <>
      <Button
        onClick={() => {
          setTyped('');
          setOpen(true);
        }}
      >
        <Lock size={14} aria-hidden />
        Seal
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Seal ${name}?`}
        description="Nothing is taken in any more, by append or upload, and that cannot be undone. What is open is closed, its head witnessed, and the chain attested as it then stands."
      >
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() === name) void seal();
          }}
        >
          <Field
            label={`Type the name of the chain: ${name}`}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Keep it open</Button>
            <Button look="primary" type="submit" disabled={busy || typed.trim() !== name}>
              {busy ? 'Sealing…' : 'Seal the chain'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

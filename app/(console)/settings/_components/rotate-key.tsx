'use client';
import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { SigningKey } from '@/lib/schemas/settings';

/** Makes a new key the one statements are signed with, after asking. */
export function RotateKey() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  async function rotate(): Promise<void> {
    setBusy(true);
    try {
      await api(SigningKey, '/api/v1/signing-keys/rotate', { method: 'POST' });
      setOpen(false);
      toast('A new key signs from now on');
      router.refresh();
    } catch (error) {
      toastError('The key was not rotated', sayError(error));
    }
    setBusy(false);
  }
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <RefreshCw size={14} aria-hidden />
        Rotate
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Sign with a new key?"
        description="The private half of the key in use is removed and cannot come back. Its public half stays published, so that what it signed still verifies. Give the new public key to whoever checks your statements."
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Keep the key</Button>
          <Button look="primary" disabled={busy} onClick={() => void rotate()}>
            {busy ? 'Rotating…' : 'Rotate'}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

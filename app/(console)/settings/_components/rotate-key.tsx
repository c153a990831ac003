'use client';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';

/** Makes a new key the one statements are signed with, after asking. */
export function RotateKey() {
  const [open, setOpen] = useState(false);
  async function rotate(): Promise<void> {
    const { SigningKey } = await import('@/lib/schemas/settings');
    await api(SigningKey, '/api/v1/signing-keys/rotate', { method: 'POST' });
    toast('A new key signs from now on');
  }
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <RefreshCw size={14} aria-hidden />
        Rotate
      </Button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="Sign with a new key?"
        description="The private half of the key in use is removed and cannot come back. Its public half stays published, so that its signatures still verify. Give the new public key to everyone who checks your statements."
        send={rotate}
        cancel="Keep the key"
        action="Rotate"
        whileBusy="Rotating…"
      />
    </>
  );
}

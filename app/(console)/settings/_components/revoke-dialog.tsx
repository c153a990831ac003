'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import type { ApiToken } from '@/lib/schemas/settings';

/** A revoked token cannot come back, so its name is asked for. */
export function RevokeDialog({ token, onClose }: { token: ApiToken | null; onClose: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const close = (): void => {
    setTyped('');
    setError(null);
    onClose();
  };
  async function revoke(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!token || typed !== token.name) return;
    try {
      await api(z.undefined(), `/api/v1/tokens/${encodeURIComponent(token.id)}`, { method: 'DELETE' });
      toast(`Token “${token.name}” revoked`);
      close();
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    }
  }
  return (
    <Dialog
      open={token !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title="Revoke this token?"
      description="Whatever uses it is refused from now on. It cannot be brought back."
    >
      <form onSubmit={(event) => void revoke(event)} className="space-y-4">
        <Field
          label={`Type “${token?.name ?? ''}” to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          error={error ?? undefined}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Keep it</Button>
          <Button look="danger" type="submit" disabled={typed !== token?.name}>
            Revoke
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

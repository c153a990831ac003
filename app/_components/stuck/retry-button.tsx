'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast, toastError } from '@/app/_components/ui/toasts';
import { Retried } from '@/lib/schemas/stuck';

/** Has failed work tried again at once: that of a chain, or all. */
export function RetryButton({ chainId, name = 'everything that is stuck' }: { chainId?: string; name?: string }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  async function retry(): Promise<void> {
    setBusy(true);
    try {
      await api(Retried, '/api/v1/stuck-jobs/retry', {
        method: 'POST',
        body: chainId === undefined ? {} : { chainId },
      });
      toast('It is tried again', { description: 'This page shows how it went when you look again.' });
    } catch (error) {
      toastError('It was not tried again', sayError(error));
    }
    setBusy(false);
    router.refresh();
  }
  return (
    <Button look="plain" size="sm" disabled={busy} aria-label={`Try again: ${name}`} onClick={() => void retry()}>
      {busy ? 'Asking…' : 'Try again'}
    </Button>
  );
}

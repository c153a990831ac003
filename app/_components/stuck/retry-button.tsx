'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Has failed work tried again at once: that of a chain, or all. */
export function RetryButton({ chainId, name = 'everything that is stuck' }: { chainId?: string; name?: string }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'It was not tried again' });
  async function retry(): Promise<void> {
    try {
      const { Retried } = await import('@/lib/schemas/stuck');
      await api(Retried, '/api/v1/stuck-jobs/retry', {
        method: 'POST',
        body: chainId === undefined ? {} : { chainId },
      });
      toast('It is tried again', { description: 'This page shows how it went when you look again.' });
    } finally {
      router.refresh();
    }
  }
  return (
    <Button look="plain" size="sm" disabled={busy} aria-label={`Try again: ${name}`} onClick={() => submit(retry)}>
      {busy ? 'Asking…' : 'Try again'}
    </Button>
  );
}

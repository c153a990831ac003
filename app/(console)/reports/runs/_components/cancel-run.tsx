'use client';
import { useRouter } from 'next/navigation';
import { Only } from '@/app/_components/access/role';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Ends a run that waits or is being made. */
export function CancelRun({ runId }: { runId: string }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'It was not cancelled' });
  async function cancel(): Promise<void> {
    try {
      await api(null, `/api/v1/report-runs/${runId}/cancel`, { method: 'POST', body: {} });
    } finally {
      router.refresh();
    }
  }
  return (
    <Only need="analyst">
      <Button disabled={busy} onClick={() => submit(cancel)}>
        {busy ? 'Cancelling…' : 'Cancel'}
      </Button>
    </Only>
  );
}

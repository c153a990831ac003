'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Ends a suppression before it expires. */
export function EndSuppression({ id, title }: { id: string; title: string }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'It was not ended' });
  return (
    <Button
      size="sm"
      disabled={busy}
      aria-label={`End ${title}`}
      onClick={() =>
        submit(async () => {
          await api(null, `/api/v1/suppressions/${id}/end`, { method: 'POST' });
          toast('Ended: what it hid is in the queue again');
          router.refresh();
        })
      }
    >
      End
    </Button>
  );
}

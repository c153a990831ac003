'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Has a message sent again now. */
export function RetryDelivery({ id, title }: { id: string; title: string }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'It is not sent again' });
  async function retry(): Promise<void> {
    const { Delivery } = await import('@/lib/schemas/notifications');
    await api(Delivery, `/api/v1/notifications/deliveries/${id}/retry`, { method: 'POST' });
    toast('It is sent again', { description: 'This page shows how it went when you look again.' });
    router.refresh();
  }
  return (
    <Button size="sm" disabled={busy} aria-label={`Send again: ${title}`} onClick={() => submit(retry)}>
      {busy ? 'Asking…' : 'Send again'}
    </Button>
  );
}

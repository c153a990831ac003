'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { Sidecar } from '@/lib/schemas/sidecars';

/** Has a file that is another log's count no longer, or takes it back. Either can be undone. */
export function SetAsideButton({
  chainId,
  sidecar: { id, fileName, setAside },
}: {
  chainId: string;
  sidecar: Sidecar;
}) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: `${fileName} stays as it was` });

  async function change(counts: boolean): Promise<void> {
    try {
      await api(null, `/api/v1/chains/${chainId}/sidecars/${id}`, { method: 'PATCH', body: { counts } });
      if (!counts)
        toast(`${fileName} set aside`, {
          description: 'The chain is verified without it. The file stays in evidence.',
          undo: () => submit(() => change(true)),
        });
    } finally {
      router.refresh();
    }
  }
  return (
    <Button
      look="ghost"
      size="sm"
      disabled={busy}
      aria-label={setAside ? `Count again: ${fileName}` : `Set aside: ${fileName}`}
      onClick={() => submit(() => change(setAside !== null))}
    >
      {setAside ? 'Count again' : 'Set aside'}
    </Button>
  );
}

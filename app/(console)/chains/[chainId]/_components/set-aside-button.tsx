'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import * as z from 'zod';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { toast, toastError } from '@/app/_components/ui/toasts';
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
  const [busy, setBusy] = useState(false);

  async function change(counts: boolean): Promise<void> {
    setBusy(true);
    try {
      await api(z.undefined(), `/api/v1/chains/${chainId}/sidecars/${id}`, { method: 'PATCH', body: { counts } });
      if (!counts)
        toast(`${fileName} set aside`, {
          description: 'The chain is judged without it. The file stays in evidence.',
          undo: () => void change(true),
        });
    } catch (error) {
      toastError(`${fileName} stays as it was`, sayError(error));
    }
    setBusy(false);
    router.refresh();
  }
  return (
    <Button
      look="ghost"
      size="sm"
      disabled={busy}
      aria-label={setAside ? `Count again: ${fileName}` : `Set aside: ${fileName}`}
      onClick={() => void change(setAside !== null)}
    >
      {setAside ? 'Count again' : 'Set aside'}
    </Button>
  );
}

'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import { ToolKey } from '@/lib/schemas/tool-keys';

/** A retired key cannot come back, so its name is asked for. */
export function RetireKeyDialog({ toolKey, onClose }: { toolKey: ToolKey | null; onClose: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const close = (): void => {
    setTyped('');
    setError(null);
    onClose();
  };
  async function retire(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!toolKey || typed !== toolKey.name) return;
    try {
      await api(ToolKey, `/api/v1/guardrail-keys/${toolKey.id}/retire`, { method: 'POST' });
      toast(`Key “${toolKey.name}” retired`);
      close();
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    }
  }
  return (
    <Dialog
      open={toolKey !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title="Retire this key?"
      description="What it signed proves nothing from now on, and chains that carry its signatures are judged again. The key stays listed; it cannot be used again."
    >
      <form onSubmit={(event) => void retire(event)} className="space-y-4">
        <Field
          label={`Type “${toolKey?.name ?? ''}” to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          error={error ?? undefined}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Keep it</Button>
          <Button look="danger" type="submit" disabled={typed !== toolKey?.name}>
            Retire
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

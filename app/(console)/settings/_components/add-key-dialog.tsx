'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import type { SigningTool } from '@/lib/schemas/formats';
import { ToolKey } from '@/lib/schemas/tool-keys';

/** Registers the public key of a tool. */
export function AddKeyDialog({
  tools,
  open,
  onOpenChange,
}: {
  tools: readonly SigningTool[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  function change(next: boolean): void {
    setError(null);
    onOpenChange(next);
  }
  async function add(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const key = await api(ToolKey, '/api/v1/guardrail-keys', {
        method: 'POST',
        body: { name: form.get('name'), publicKeyPem: form.get('publicKeyPem') },
      });
      toast(`Key “${key.name}” added`, { description: 'Chains it may concern are judged with it now.' });
      change(false);
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title="Add a key of a tool"
      description={`The public half only: ${tools.map(({ label, algorithm }) => `${label} ${algorithm}`).join(' or ')}, as PEM.`}
    >
      <form onSubmit={(event) => void add(event)} className="space-y-4">
        <Field
          label="Name"
          name="name"
          required
          maxLength={80}
          placeholder="gateway in production"
          autoComplete="off"
        />
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-muted">Public key</span>
          <textarea
            name="publicKeyPem"
            required
            rows={5}
            spellCheck={false}
            placeholder={'-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----'}
            className="w-full rounded-md border border-edge bg-surface px-2.5 py-2 font-mono text-xs placeholder:text-faint"
          />
        </label>
        {error && (
          <p role="alert" className="text-v-tampered [overflow-wrap:anywhere]">
            {error}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            Add key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

'use client';
import { api } from '@/app/_components/api/client';
import { Field, Labelled } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import type { SigningTool } from '@/lib/schemas/formats';

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
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add a key of a tool"
      description={`The public half only: ${tools.map(({ label, algorithm }) => `${label} ${algorithm}`).join(' or ')}, as PEM.`}
      send={async (field) => {
        const { ToolKey } = await import('@/lib/schemas/tool-keys');
        const key = await api(ToolKey, '/api/v1/guardrail-keys', {
          method: 'POST',
          body: { name: field('name'), publicKeyPem: field('publicKeyPem') },
        });
        toast(`Key “${key.name}” added`, { description: 'Chains it may concern are verified with it now.' });
      }}
      action="Add key"
      whileBusy="Adding…"
    >
      <Field label="Name" name="name" required maxLength={80} placeholder="gateway in production" autoComplete="off" />
      <Labelled label="Public key">
        <textarea
          name="publicKeyPem"
          required
          rows={5}
          spellCheck={false}
          placeholder={'-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----'}
          className="w-full rounded-md border border-edge bg-surface px-2.5 py-2 font-mono text-xs placeholder:text-faint"
        />
      </Labelled>
    </FormDialog>
  );
}

'use client';
import { api } from '@/app/_components/api/client';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';
import { toast } from '@/app/_components/ui/toasts';
import type { ToolKey } from '@/lib/schemas/tool-keys';

export function RetireKeyDialog({ toolKey, onClose }: { toolKey: ToolKey | null; onClose: () => void }) {
  return (
    <ConfirmByName
      name={toolKey?.name ?? null}
      onClose={onClose}
      title="Retire this key?"
      description="What it signed proves nothing from now on, and chains that carry its signatures are verified again. The key stays listed; it cannot be used again."
      action="Retire"
      whileBusy="Retiring…"
      send={async () => {
        const schemas = await import('@/lib/schemas/tool-keys');
        await api(schemas.ToolKey, `/api/v1/guardrail-keys/${toolKey?.id ?? ''}/retire`, { method: 'POST' });
        toast(`Key “${toolKey?.name ?? ''}” retired`);
      }}
    />
  );
}

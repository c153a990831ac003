'use client';
import { api } from '@/app/_components/api/client';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';
import { toast } from '@/app/_components/ui/toasts';
import type { ApiToken } from '@/lib/schemas/settings';

export function RevokeDialog({ token, onClose }: { token: ApiToken | null; onClose: () => void }) {
  return (
    <ConfirmByName
      name={token?.name ?? null}
      onClose={onClose}
      title="Revoke this token?"
      description="Whatever uses it is refused from now on. It cannot be brought back."
      action="Revoke"
      whileBusy="Revoking…"
      send={async () => {
        await api(null, `/api/v1/tokens/${encodeURIComponent(token?.id ?? '')}`, { method: 'DELETE' });
        toast(`Token “${token?.name ?? ''}” revoked`);
      }}
    />
  );
}

'use client';
import { api } from '@/app/_components/api/client';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';
import { toast } from '@/app/_components/ui/toasts';
import type { Destination } from '@/lib/schemas/notifications';

export function DeleteDialog({ destination, onClose }: { destination: Destination | null; onClose: () => void }) {
  return (
    <ConfirmByName
      name={destination?.name ?? null}
      onClose={onClose}
      title="Delete this destination?"
      description="It is told nothing more. Its secret, its log and what waits for it are removed."
      action="Delete"
      whileBusy="Deleting…"
      send={async () => {
        await api(null, `/api/v1/notifications/destinations/${destination?.id ?? ''}`, { method: 'DELETE' });
        toast(`“${destination?.name ?? ''}” deleted`);
      }}
    />
  );
}

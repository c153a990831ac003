'use client';
import { api } from '@/app/_components/api/client';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';

/** Ends a chain for good, after asking. */
export function SealDialog({
  chainId,
  name,
  open,
  onClose,
}: {
  chainId: string;
  name: string;
  open: boolean;
  onClose: () => void;
}) {
  async function seal(): Promise<void> {
    const { Seal } = await import('@/lib/schemas/appends');
    await api(Seal, `/api/v1/chains/${chainId}/seal`, { method: 'POST', body: {} });
  }
  return (
    <ConfirmByName
      name={open ? name : null}
      onClose={onClose}
      title={`Seal ${name}?`}
      description="The chain accepts no more records, by append or upload, and that cannot be undone. The open segment is closed and its head recorded, and the chain is attested as it then stands."
      send={seal}
      cancel="Keep it open"
      look="primary"
      action="Seal the chain"
      whileBusy="Sealing…"
    />
  );
}

'use client';
import { api } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { ConfirmByName } from '@/app/_components/ui/confirm-by-name';
import { toast } from '@/app/_components/ui/toasts';
import type { ChainRetention } from '@/lib/schemas/retention';

export function DeleteDialog({ chain, onClose }: { chain: ChainRetention | null; onClose: () => void }) {
  return (
    <ConfirmByName
      name={chain?.chain ?? null}
      onClose={onClose}
      title="Delete the records of this chain?"
      description={`${formatNoun(chain?.records ?? 0, 'record')}, their bytes, files beside them, and evidence packages they are in can be had no more. Verdict, head, digests, attestations and a signed tombstone stay. It cannot be undone.`}
      action="Delete"
      whileBusy="Deleting…"
      send={async () => {
        if (!chain) return;
        const { chainId, head, records } = chain;
        await api(null, `/api/v1/chains/${chainId}/deletion`, { method: 'POST', body: { head, records } });
        toast(`“${chain.chain}” is being deleted`);
      }}
    />
  );
}

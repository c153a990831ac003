'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { ChainRetention, LegalHold } from '@/lib/schemas/retention';

/** The legal holds of a chain: those in force are lifted here, and another is placed. */
export function HoldsDialog({ open, onClose, chain }: { open: boolean; onClose: () => void; chain: ChainRetention }) {
  const router = useRouter();
  const at = `/api/v1/chains/${chain.chainId}/holds`;
  // Not before: a list of what is held may have lost the chain, and this with it.
  const close = () => {
    onClose();
    router.refresh();
  };
  return (
    <FormDialog
      open={open}
      onOpenChange={close}
      title={`Legal holds of “${chain.chain}”`}
      description="While one is in force the chain is not deleted, whatever its retention is."
      send={async (field) => {
        await api(null, at, { method: 'POST', body: { reason: field('reason') } });
        toast('Legal hold placed');
      }}
      action="Place a hold"
      whileBusy="Placing…"
    >
      {open && <InForce at={at} />}
      <Field label="Reason" name="reason" required maxLength={500} autoComplete="off" />
    </FormDialog>
  );
}

function InForce({ at }: { at: string }) {
  const [holds, setHolds] = useState<readonly LegalHold[] | null>(null);
  const { submit, busy } = useSubmit({ failed: 'Nothing was changed' });
  useEffect(() => {
    let isShown = true;
    void read(at).then(
      (items) => isShown && setHolds(items),
      () => isShown && setHolds([]),
    );
    return () => {
      isShown = false;
    };
  }, [at]);
  const lift = (hold: LegalHold) =>
    submit(async () => {
      await api(null, `${at}/${hold.id}`, { method: 'DELETE' });
      toast('Legal hold lifted');
      setHolds(await read(at));
    });
  const inForce = holds?.filter(({ liftedAt }) => liftedAt === null) ?? [];
  if (holds === null) return <p role="status">Looking for holds…</p>;
  if (inForce.length === 0) return <p className="text-muted">None is in force.</p>;
  return (
    <ul className="divide-y rounded-md border">
      {inForce.map((hold) => (
        <li key={hold.id} className="flex items-start justify-between gap-3 px-3 py-2">
          <span className="min-w-0">
            <span className="[overflow-wrap:anywhere]">{hold.reason}</span>
            <span className="block text-xs text-muted">
              {hold.placedBy}, <Time at={hold.placedAt} />
            </span>
          </span>
          <Button type="button" size="sm" disabled={busy} onClick={() => lift(hold)}>
            Lift
          </Button>
        </li>
      ))}
    </ul>
  );
}

async function read(at: string): Promise<readonly LegalHold[]> {
  const { LegalHolds } = await import('@/lib/schemas/retention');
  return (await api(LegalHolds, at)).items;
}

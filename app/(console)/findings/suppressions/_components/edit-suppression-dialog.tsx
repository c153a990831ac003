'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import { Suppression } from '@/lib/schemas/suppressions';
import type { Edited } from './edit-suppression';
import { expiryOf } from '../../_components/expiry-choice';
import { SuppressionFields } from '../../_components/suppression-fields';

/** As far as what it hides may lie. */
const LOOKED_BACK_DAYS = 366;

type Props = { suppression: Edited; open: boolean; onClose: () => void };

/** Asks what the next version of a suppression hides, why and for how long. The version there is ends, and is kept. */
export function EditSuppressionDialog({
  suppression: { id, version, yaml, reason, expiresAt, state },
  open,
  onClose,
}: Props) {
  const router = useRouter();
  const [ready, setReady] = useState(false);
  const isInForce = state === 'active';
  const kept = isInForce ? expiresAt : null;
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={`Edit as version ${version + 1}`}
      description={
        isInForce
          ? `Version ${version} ends when this is saved, and is kept.`
          : `Version ${version} hides nothing any more, and is kept. What is saved here is in force again.`
      }
      action={`Save version ${version + 1}`}
      whileBusy="Saving…"
      ready={ready}
      send={async (field) => {
        const made = await api(Suppression, '/api/v1/suppressions', {
          method: 'POST',
          body: {
            yaml: field('yaml'),
            reason: field('reason'),
            expiresAt: expiryOf(field('expiry'), kept),
            replacesId: id,
          },
        });
        toast(`Version ${made.version} hides ${formatNoun(made.hides, 'finding')}`);
        router.push(`/findings/suppressions?changes=${made.id}`);
        return 'leaving';
      }}
    >
      <SuppressionFields
        yaml={yaml}
        reason={reason}
        expiresAt={kept}
        days={LOOKED_BACK_DAYS}
        asksForChange={isInForce}
        onReady={setReady}
      />
    </FormDialog>
  );
}

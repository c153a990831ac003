'use client';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatNoun } from '@/app/_components/format/number';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import { Suppression } from '@/lib/schemas/suppressions';
import { type Suppressible, suppressionText } from '@/lib/schemas/suppression-text';
import { expiryOf } from './expiry-choice';
import { LOOKED_BACK } from './suppression-filter';
import { SuppressionFields } from './suppression-fields';

const DAY_MS = 86_400_000;

type Props = {
  findings: readonly Suppressible[];
  open: boolean;
  onClose: () => void;
  onDone?: () => void;
};

/** Asks what hides findings and for how long, and shows what it would have hidden. */
export function SuppressDialog({ findings, open, onClose, onDone }: Props) {
  const [ready, setReady] = useState(false);
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Suppress"
      description="The filter leaves records out. A finding that too few are left of is kept, and hidden until this expires."
      action="Suppress"
      whileBusy="Suppressing…"
      ready={ready}
      send={async (field) => {
        const made = await api(Suppression, '/api/v1/suppressions', {
          method: 'POST',
          body: { yaml: field('yaml'), reason: field('reason'), expiresAt: expiryOf(field('expiry'), null) },
        });
        toast(`${formatNoun(made.hides, 'finding')} suppressed`, {
          description: 'Suppressions shows what is hidden, and ends it.',
        });
        onDone?.();
      }}
    >
      <SuppressionFields
        yaml={suppressionText(findings)}
        reason=""
        expiresAt={null}
        days={daysBack(findings)}
        asksForChange={false}
        onReady={setReady}
      />
    </FormDialog>
  );
}

/** As far back as the oldest of some findings lies. */
function daysBack(findings: readonly Suppressible[]): number {
  const oldest = Math.min(...findings.map(({ windowFrom }) => Date.parse(windowFrom)));
  return LOOKED_BACK.find((days) => Date.now() - oldest < days * DAY_MS) ?? 366;
}

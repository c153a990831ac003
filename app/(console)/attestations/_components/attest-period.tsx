'use client';
import { Stamp } from 'lucide-react';
import { useState } from 'react';
import { useAttest } from '@/app/_components/attestation/use-attest';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';

/** Signs one statement over what every chain recorded in whole days. */
export function AttestPeriod() {
  const [open, setOpen] = useState(false);
  const attest = useAttest();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Stamp size={14} aria-hidden />
        Attest a period
      </Button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="Attest a period"
        description="One statement on every chain that recorded something in these days, each with its verdict as it stands: what an auditor asks for."
        send={(field) =>
          attest({
            path: '/api/v1/attestations',
            scope: { kind: 'period', from: `${field('from')}T00:00:00Z`, to: dayAfter(field('to')) },
            title: 'The period waits to be signed',
            waiting: '/attestations?view=waiting',
          })
        }
        action="Sign"
        whileBusy="Signing…"
      >
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="First day (UTC)" name="from" type="date" required />
          <Field label="Last day (UTC)" name="to" type="date" required />
        </div>
      </FormDialog>
    </>
  );
}

function dayAfter(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 1);
  return `${at.toISOString().slice(0, 10)}T00:00:00Z`;
}

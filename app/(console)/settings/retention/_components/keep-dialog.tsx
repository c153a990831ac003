'use client';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';
import { toast } from '@/app/_components/ui/toasts';
import type { RetentionPolicy } from '@/lib/schemas/retention';

type Policy = Pick<RetentionPolicy, 'keepDays' | 'isOwn'>;

/** Says for how long all chains without a policy of their own are kept. */
export function KeepDialog({ path, policy }: { path: string; policy: Policy }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <CalendarClock size={14} aria-hidden />
        Policy
      </Button>
      <KeepForm open={open} onOpenChange={setOpen} path={path} policy={policy} />
    </>
  );
}

export function KeepForm({
  open,
  onOpenChange,
  path,
  policy,
  chain,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  path: string;
  policy: Policy;
  /** Null of all chains without a policy of their own. */
  chain?: string;
}) {
  async function send(method: 'PUT' | 'DELETE', keepDays?: number | null): Promise<void> {
    await api(null, path, { method, ...(keepDays !== undefined && { body: { keepDays } }) });
    toast('Retention changed');
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={chain ? `How long “${chain}” is kept` : 'How long chains are kept'}
      description="Nothing is deleted by it. A chain whose time is over can be deleted by an administrator."
      send={(_, all) => send('PUT', daysIn(all))}
      instead={chain && policy.isOwn ? { label: 'As all chains', send: () => send('DELETE') } : undefined}
      action="Save"
      whileBusy="Saving…"
    >
      <Field
        label="Days from the last that was received"
        name="keepDays"
        type="number"
        min={1}
        max={36_500}
        defaultValue={policy.keepDays ?? ''}
        hint="Left empty, for ever. The EU AI Act asks for six months at least: 184 days."
      />
    </FormDialog>
  );
}

function daysIn(form: FormData): number | null {
  const days = form.get('keepDays');
  return days ? Number(days) : null;
}

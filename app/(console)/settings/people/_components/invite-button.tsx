'use client';
import { UserPlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { DialogForm, useForm } from '@/app/_components/ui/form';
import { ROLES, ROLE_LABEL, ROLE_MEANS } from '@/lib/schemas/roles';
import type { CreatedLink } from '@/lib/schemas/settings';
import { ShownLink } from './link-dialog';

/** Makes an invitation and shows its link, once. */
export function InviteButton() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<{ link: CreatedLink; email: string } | null>(null);
  const form = useForm({
    send: async (field) => {
      const { CreatedLink } = await import('@/lib/schemas/settings');
      const body = { email: field('email'), role: field('role') };
      setMade({ link: await api(CreatedLink, '/api/v1/invitations', { method: 'POST', body }), email: body.email });
      router.refresh();
    },
  });
  function change(next: boolean): void {
    setOpen(next);
    if (next) return;
    setMade(null);
    form.clearError();
  }
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <UserPlus size={14} aria-hidden />
        Invite
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={made ? `Invitation for ${made.email}` : 'Invite somebody'}
        description={
          made
            ? 'Copy the link now: it is not shown again.'
            : 'They choose their name and password by a link that works once and for a week.'
        }
      >
        {made ? (
          <ShownLink {...made} onClose={() => change(false)} />
        ) : (
          <DialogForm form={form} onCancel={() => change(false)} action="Make link" whileBusy="Making…">
            <Field label="E-mail" name="email" type="email" required maxLength={200} autoComplete="off" />
            <RoleFields />
          </DialogForm>
        )}
      </Dialog>
    </>
  );
}

function RoleFields() {
  return (
    <fieldset className="space-y-1">
      <legend className="mb-1 text-xs font-medium text-muted">Role</legend>
      {ROLES.map((role) => (
        <label key={role} className="flex min-h-7 items-start gap-2 py-1">
          <input
            type="radio"
            name="role"
            value={role}
            defaultChecked={role === 'auditor'}
            className="mt-0.5 size-4 shrink-0 accent-ink"
          />
          <span>
            <span className="font-medium">{ROLE_LABEL[role]}</span>
            <span className="block text-xs text-muted">{ROLE_MEANS[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

'use client';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { DialogForm, useForm } from '@/app/_components/ui/form';

/** Makes a workspace, with whoever makes it as its administrator. */
export function NewWorkspaceButton() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const form = useForm({
    send: async (field) => {
      await api(null, '/api/v1/workspaces', { method: 'POST', body: { name: field('name'), id: field('id') } });
      setOpen(false);
      router.refresh();
    },
  });
  function change(next: boolean): void {
    setOpen(next);
    if (!next) form.clearError();
  }
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus size={14} aria-hidden />
        New workspace
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title="New workspace"
        description="You are its first administrator, and invite others under People once you are in it. It cannot be removed, and its id stays as it is."
      >
        <DialogForm form={form} onCancel={() => change(false)} action="Make workspace" whileBusy="Making…">
          <Field label="Name" name="name" required maxLength={100} autoComplete="off" />
          <Field
            label="Id"
            name="id"
            required
            maxLength={32}
            pattern="[a-z]([a-z0-9\-]*[a-z0-9])?"
            title="At most 32 lower-case letters, digits and hyphens, a letter first"
            autoComplete="off"
          />
        </DialogForm>
      </Dialog>
    </>
  );
}

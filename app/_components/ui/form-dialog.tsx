'use client';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';
import { Dialog } from './dialog';
import { type DialogButtons, DialogForm, type SendForm, useForm } from './form';
import type { Sent } from './use-submit';

/** A dialog that sends something. Once it is sent the dialog closes and the page shows what changed. */
export function FormDialog({
  open,
  onOpenChange,
  title,
  description,
  send,
  instead,
  children,
  ...buttons
}: Omit<ComponentProps<typeof Dialog>, 'children'> &
  DialogButtons & { send: SendForm; children?: ComponentProps<typeof DialogForm>['children'] }) {
  const router = useRouter();
  async function close(sent: Sent): Promise<void> {
    const left = await sent;
    change(false);
    if (left !== 'leaving') router.refresh();
  }
  const form = useForm({ send: (field, all) => close(send(field, all)) });
  function change(next: boolean): void {
    form.clearError();
    onOpenChange(next);
  }
  return (
    <Dialog open={open} onOpenChange={change} title={title} description={description}>
      <DialogForm
        form={form}
        onCancel={() => change(false)}
        instead={instead && { label: instead.label, send: () => close(instead.send()) }}
        {...buttons}
      >
        {children}
      </DialogForm>
    </Dialog>
  );
}

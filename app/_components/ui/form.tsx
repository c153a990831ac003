'use client';
import type { FormEventHandler, ReactNode } from 'react';
import { Button, type ButtonLook } from './button';
import { type Sent, type Submit, useSubmit } from './use-submit';

/** Does what the form is for. `field` reads one value by its name, `all` has every value. */
export type SendForm = (field: (name: string) => string, all: FormData) => Sent;

type FormState = Submit & { onSubmit: FormEventHandler<HTMLFormElement> };

/** A form that is sent by us, once at a time. */
export function useForm({ send, say }: { send: SendForm; say?: (cause: unknown) => string }): FormState {
  const state = useSubmit({ say });
  return {
    ...state,
    onSubmit: (event) => {
      event.preventDefault();
      const all = new FormData(event.currentTarget);
      if (!state.busy) state.submit(() => send((name) => String(all.get(name) ?? ''), all));
    },
  };
}

/** What went wrong, read out at once. */
export function FormError({ error }: { error: string | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="text-v-tampered [overflow-wrap:anywhere]">
      {error}
    </p>
  );
}

/** What went wrong, and the button that sends the form. */
export function FormEnd({
  form: { busy, error },
  look,
  className,
  children,
  whileBusy,
}: {
  form: FormState;
  look?: ButtonLook;
  className?: string;
  children: ReactNode;
  whileBusy: string;
}) {
  return (
    <>
      <FormError error={error} />
      <Button {...(look && { look })} type="submit" disabled={busy} {...(className && { className })}>
        {busy ? whileBusy : children}
      </Button>
    </>
  );
}

export type DialogButtons = {
  /** On the button that sends. */
  action: string;
  whileBusy: string;
  /** On the button that leaves everything as it is. */
  cancel?: string;
  look?: ButtonLook;
  /** Whether what was typed can be sent. */
  ready?: boolean;
  /** Another thing that can be sent instead. */
  instead?: { label: string; send: () => Sent } | undefined;
};

/** The form of a dialog: fields, what went wrong, and the buttons at the end. */
export function DialogForm({
  form,
  onCancel,
  children,
  action,
  whileBusy,
  cancel = 'Cancel',
  look = 'primary',
  ready = true,
  instead,
}: DialogButtons & { form: FormState; onCancel: () => void; children?: ReactNode }) {
  return (
    <form onSubmit={form.onSubmit} className="space-y-4">
      {children}
      <FormError error={form.error} />
      <div className="flex flex-wrap justify-end gap-2">
        {instead && (
          <Button look="ghost" disabled={form.busy} onClick={() => form.submit(instead.send)}>
            {instead.label}
          </Button>
        )}
        <Button onClick={onCancel}>{cancel}</Button>
        <Button look={look} type="submit" disabled={form.busy || !ready}>
          {form.busy ? whileBusy : action}
        </Button>
      </div>
    </form>
  );
}

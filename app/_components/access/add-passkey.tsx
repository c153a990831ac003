'use client';
import { useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';
import { addPasskey, sayPasskey } from './passkey';
import { RecoveryCodes } from './recovery-codes';

/** Makes a passkey: the password and a name, then what the browser asks, then recovery codes if it is the first second factor. */
export function AddPasskey({ email, onDone, onCancel }: { email: string; onDone: () => void; onCancel?: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const form = useForm({
    say: sayPasskey,
    send: async (field) => {
      const made = await addPasskey(field('name'), field('password'));
      if (made) setCodes(made);
      else onDone();
    },
  });
  if (codes) return <RecoveryCodes codes={codes} onClose={onDone} />;
  return (
    <form onSubmit={form.onSubmit} className="space-y-3">
      <input type="text" name="username" value={email} readOnly hidden autoComplete="username" />
      <Field
        label="What to call it"
        name="name"
        required
        maxLength={80}
        placeholder="laptop, security key…"
        autoComplete="off"
        autoFocus
      />
      <Field
        label="Your password"
        name="password"
        type="password"
        required
        maxLength={128}
        autoComplete="current-password"
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <FormEnd form={form} look="primary" whileBusy="Waiting for your device…">
          Make a passkey
        </FormEnd>
      </div>
    </form>
  );
}

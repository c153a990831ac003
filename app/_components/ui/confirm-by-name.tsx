'use client';
import { useState } from 'react';
import type { DialogButtons } from './form';
import { Field } from './field';
import { FormDialog } from './form-dialog';
import type { Sent } from './use-submit';

type Props = Omit<DialogButtons, 'ready' | 'instead'> & {
  /** Of what is about to go; null while nothing is. */
  name: string | null;
  onClose: () => void;
  title: string;
  description: string;
  send: () => Sent;
};

/** Before something happens that cannot be undone its name is asked for. */
export function ConfirmByName({ name, onClose, send, cancel = 'Keep it', look = 'danger', ...dialog }: Props) {
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      open={name !== null}
      onOpenChange={(open) => {
        if (open) return;
        setTyped('');
        onClose();
      }}
      send={send}
      ready={typed.trim() === name?.trim()}
      cancel={cancel}
      look={look}
      {...dialog}
    >
      <Field
        label={`Type “${name ?? ''}” to confirm`}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        autoComplete="off"
        spellCheck={false}
      />
    </FormDialog>
  );
}

'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { sayError } from '../api/client';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field } from './field';
import { toast } from './toasts';

type Props = {
  /** Of what is about to go; null while nothing is. */
  name: string | null;
  onClose: () => void;
  title: string;
  description: string;
  /** On the button. */
  action: string;
  done: string;
  run: () => Promise<unknown>;
};

/** Before something goes that cannot come back its name is asked for. */
export function ConfirmByName({ name, onClose, title, description, action, done, run }: Props) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const close = (): void => {
    setTyped('');
    setError(null);
    onClose();
  };
  async function confirm(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (name === null || typed !== name) return;
    try {
      await run();
      toast(done);
      close();
      router.refresh();
    } catch (cause) {
      setError(sayError(cause));
    }
  }
  return (
    <Dialog
      open={name !== null}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={title}
      description={description}
    >
      <form onSubmit={(event) => void confirm(event)} className="space-y-4">
        <Field
          label={`Type “${name ?? ''}” to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          error={error ?? undefined}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Keep it</Button>
          <Button look="danger" type="submit" disabled={typed !== name}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

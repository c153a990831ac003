'use client';
import { type FormEvent, type FormEventHandler, type ReactNode, useState } from 'react';
import { MIN_PASSWORD_LENGTH } from '@/lib/schemas/settings';
import { sayError } from '../api/client';
import { Button } from './button';
import { Field } from './field';

type Options = {
  /** Does what the form is for; what it throws is said under the fields. */
  send: (field: (name: string) => string) => Promise<void>;
  /** What to tell of a failure. */
  say?: (cause: unknown) => string;
  /** The page is left when it succeeds: the button stays as it is until then. */
  leaves?: boolean;
};

/** A form that is sent by us, once at a time. */
export function useForm({ send, say = sayError, leaves = false }: Options): {
  onSubmit: FormEventHandler<HTMLFormElement>;
  busy: boolean;
  error: string | null;
} {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await send((name) => String(form.get(name)));
      if (!leaves) setBusy(false);
    } catch (cause) {
      setError(say(cause));
      setBusy(false);
    }
  }
  return { onSubmit: (event) => void submit(event), busy, error };
}

/** What went wrong, and the button that sends the form. */
export function FormEnd({
  form: { busy, error },
  look,
  className,
  children,
  whileBusy,
}: {
  form: { busy: boolean; error: string | null };
  look?: 'primary';
  className?: string;
  children: ReactNode;
  whileBusy: string;
}) {
  return (
    <>
      {error && (
        <p role="alert" className="text-v-tampered">
          {error}
        </p>
      )}
      <Button {...(look && { look })} type="submit" disabled={busy} {...(className && { className })}>
        {busy ? whileBusy : children}
      </Button>
    </>
  );
}

/** A password that is chosen here. */
export function NewPassword({ label, name }: { label: string; name: string }) {
  return (
    <Field
      label={label}
      name={name}
      type="password"
      required
      minLength={MIN_PASSWORD_LENGTH}
      maxLength={128}
      autoComplete="new-password"
      hint={`At least ${MIN_PASSWORD_LENGTH} characters: a few words, with spaces if you like.`}
    />
  );
}

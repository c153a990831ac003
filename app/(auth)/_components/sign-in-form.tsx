'use client';
import { type FormEvent, useState } from 'react';
import { RequestError, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { signIn } from './sign-in';

export function SignInForm({ to }: { /** A path on this server. */ to: string }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await signIn(String(form.get('email')), String(form.get('password')), to);
    } catch (cause) {
      const refused = cause instanceof RequestError && (cause.status === 401 || cause.status === 403);
      setError(refused ? 'No one here has this e-mail and password together.' : cause instanceof RequestError && cause.status === 429 ? 'Too many attempts. Wait a minute, then try again.' : sayError(cause));
      setBusy(false);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label="E-mail" name="email" type="email" required autoComplete="username" autoFocus />
      <Field label="Password" name="password" type="password" required autoComplete="current-password" />
      {error && (
        <p role="alert" className="text-v-tampered">
          {error}
        </p>
      )}
      <Button look="primary" type="submit" disabled={busy} className="w-full">
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}

'use client';
import { type FormEvent, useState } from 'react';
import { api, sayError } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { MIN_PASSWORD_LENGTH, Person } from '@/lib/schemas/settings';
import { signIn } from './sign-in';

/** Makes the first administrator and signs them in. */
export function SetupForm({ token }: { token: string }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, email, password] = ['name', 'email', 'password'].map((field) => String(form.get(field)));
    setBusy(true);
    setError(null);
    try {
      await api(Person, '/api/v1/setup', { method: 'POST', body: { token, name, email, password } });
      await signIn(email ?? '', password ?? '');
    } catch (cause) {
      setError(sayError(cause));
      setBusy(false);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label="Your name" name="name" required maxLength={80} autoComplete="name" autoFocus />
      <Field label="E-mail" name="email" type="email" required maxLength={200} autoComplete="username" />
      <Field label="Password" name="password" type="password" required minLength={MIN_PASSWORD_LENGTH} maxLength={128} autoComplete="new-password" hint={`At least ${MIN_PASSWORD_LENGTH} characters: a few words, with spaces if you like.`} />
      {error && (
        <p role="alert" className="text-v-tampered">
          {error}
        </p>
      )}
      <Button look="primary" type="submit" disabled={busy} className="w-full">
        {busy ? 'Setting up…' : 'Become administrator'}
      </Button>
    </form>
  );
}

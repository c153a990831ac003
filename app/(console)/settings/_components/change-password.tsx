'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Field } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import { MIN_PASSWORD_LENGTH } from '@/lib/schemas/settings';

/** Changes one's own password; every other session of it ends. */
export function ChangePassword({ email }: { email: string }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function change(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const [currentPassword, newPassword] = ['current', 'next'].map((field) => String(new FormData(form).get(field)));
    setBusy(true);
    setError(await sent({ currentPassword, newPassword }));
    setBusy(false);
  }

  async function sent(body: Record<string, string | undefined>): Promise<string | null> {
    try {
      const response = await fetch('/api/auth/change-password', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      if (response.ok) {
        toast('Password changed', { description: 'Every other session was signed out.' });
        return null;
      }
      const said: unknown = await response.json().catch(() => null); // a proxy may answer in HTML
      return typeof said === 'object' && said !== null && 'message' in said ? String(said.message) : `The server refused it (${response.status}). The password is as it was.`;
    } catch {
      return 'The server does not answer. Whether the password was changed is not known: try it, or change it again.';
    }
  }

  return (
    <Card title="Your password">
      <form onSubmit={(event) => void change(event)} className="max-w-[24rem] space-y-3">
        <input type="text" name="username" value={email} readOnly hidden autoComplete="username" />
        <Field label="Current password" name="current" type="password" required maxLength={128} autoComplete="current-password" />
        <Field label="New password" name="next" type="password" required minLength={MIN_PASSWORD_LENGTH} maxLength={128} autoComplete="new-password" hint={`At least ${MIN_PASSWORD_LENGTH} characters: a few words, with spaces if you like.`} />
        {error && (
          <p role="alert" className="text-v-tampered">
            {error}
          </p>
        )}
        <Button type="submit" disabled={busy}>
          {busy ? 'Changing…' : 'Change password'}
        </Button>
      </form>
    </Card>
  );
}

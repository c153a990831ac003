'use client';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';
import { signIn } from './sign-in';

export function SignInForm({ to }: { /** A path on this server. */ to: string }) {
  const form = useForm({ say, send: (field) => signIn(field('email'), field('password'), to) });
  return (
    <form onSubmit={form.onSubmit} className="space-y-4">
      <Field label="E-mail" name="email" type="email" required autoComplete="username" autoFocus />
      <Field label="Password" name="password" type="password" required autoComplete="current-password" />
      <FormEnd form={form} look="primary" className="w-full" whileBusy="Signing in…">
        Sign in
      </FormEnd>
    </form>
  );
}

function say(cause: unknown): string {
  if (!(cause instanceof RequestError)) return sayError(cause);
  if (cause.status === 401 || cause.status === 403) return 'No one here has this e-mail and password together.';
  return cause.status === 429 ? 'Too many attempts. Wait a minute, then try again.' : sayError(cause);
}

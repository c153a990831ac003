'use client';
import { CodeField } from '@/app/_components/access/set-up-app';
import { api } from '@/app/_components/api/client';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';

/** Ends a sign-in by a code, and goes on to `to`, a path on this server. */
export function CodeForm({ to, byRecoveryCode }: { to: string; byRecoveryCode: boolean }) {
  const form = useForm({
    say,
    send: async (field) => {
      await api(null, '/api/v1/sign-in/code', { method: 'POST', body: { code: field('code') } });
      window.location.assign(to);
      return 'leaving';
    },
  });
  return (
    <form onSubmit={form.onSubmit} className="space-y-4">
      {byRecoveryCode ? (
        <Field
          label="Recovery code"
          name="code"
          required
          maxLength={40}
          autoComplete="off"
          autoFocus
          className="font-mono"
        />
      ) : (
        <CodeField label="Code" />
      )}
      <FormEnd form={form} look="primary" className="w-full" whileBusy="Signing in…">
        Sign in
      </FormEnd>
    </form>
  );
}

function say(cause: unknown): string {
  if (!(cause instanceof RequestError)) return sayError(cause);
  if (cause.status === 403) return 'This code is wrong, was used before or is too old.';
  if (cause.status === 401) return 'That took more than ten minutes. Begin again with your password.';
  return cause.status === 429
    ? 'Too many codes of this account were wrong. Wait a quarter of an hour, then try again.'
    : sayError(cause);
}

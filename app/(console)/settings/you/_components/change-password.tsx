'use client';
import { api } from '@/app/_components/api/client';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import { Card } from '@/app/_components/ui/card';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';
import { NewPassword } from '@/app/_components/ui/new-password';
import { toast } from '@/app/_components/ui/toasts';

/** Changes one's own password; every other session of it ends. */
export function ChangePassword({ email }: { email: string }) {
  const form = useForm({
    say,
    send: async (field) => {
      await api(null, '/api/auth/change-password', {
        method: 'POST',
        body: { currentPassword: field('current'), newPassword: field('next') },
      });
      toast('Password changed', { description: 'Every other session was signed out.' });
    },
  });
  return (
    <Card title="Your password">
      <form onSubmit={form.onSubmit} className="max-w-[24rem] space-y-3">
        <input type="text" name="username" value={email} readOnly hidden autoComplete="username" />
        <Field
          label="Current password"
          name="current"
          type="password"
          required
          maxLength={128}
          autoComplete="current-password"
        />
        <NewPassword label="New password" name="next" />
        <FormEnd form={form} whileBusy="Changing…">
          Change password
        </FormEnd>
      </form>
    </Card>
  );
}

function say(cause: unknown): string {
  if (cause instanceof RequestError && cause.status === 0)
    return 'The server does not answer. Whether the password was changed is not known: try it, or change it again.';
  return sayError(cause);
}

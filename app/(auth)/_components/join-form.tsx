'use client';
import { api } from '@/app/_components/api/client';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';
import { NewPassword } from '@/app/_components/ui/new-password';
import { signIn } from './sign-in';

/** Uses a link up, and signs its person in. */
export function JoinForm({ token, email, isInvited }: { token: string; email: string; isInvited: boolean }) {
  const form = useForm({
    send: async (field) => {
      const { Person } = await import('@/lib/schemas/settings');
      await api(Person, '/api/v1/links', {
        method: 'POST',
        body: { token, password: field('password'), ...(isInvited && { name: field('name') }) },
      });
      return signIn(email, field('password'));
    },
  });
  return (
    <form onSubmit={form.onSubmit} className="space-y-4">
      <Field label="E-mail" name="email" type="email" value={email} readOnly autoComplete="username" />
      {isInvited && <Field label="Your name" name="name" required maxLength={80} autoComplete="name" autoFocus />}
      <NewPassword label={isInvited ? 'Password' : 'New password'} name="password" />
      <FormEnd form={form} look="primary" className="w-full" whileBusy={isInvited ? 'Joining…' : 'Setting…'}>
        {isInvited ? 'Join' : 'Set password'}
      </FormEnd>
    </form>
  );
}

'use client';
import { api } from '@/app/_components/api/client';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';
import { NewPassword } from '@/app/_components/ui/new-password';
import { signIn } from './sign-in';

/** Makes the first administrator and signs them in. */
export function SetupForm({ token }: { token: string }) {
  const form = useForm({
    send: async (field) => {
      const { Person } = await import('@/lib/schemas/settings');
      await api(Person, '/api/v1/setup', {
        method: 'POST',
        body: { token, name: field('name'), email: field('email'), password: field('password') },
      });
      return signIn(field('email'), field('password'));
    },
  });
  return (
    <form onSubmit={form.onSubmit} className="space-y-4">
      <Field label="Your name" name="name" required maxLength={80} autoComplete="name" autoFocus />
      <Field label="E-mail" name="email" type="email" required maxLength={200} autoComplete="username" />
      <NewPassword label="Password" name="password" />
      <FormEnd form={form} look="primary" className="w-full" whileBusy="Setting up…">
        Become administrator
      </FormEnd>
    </form>
  );
}

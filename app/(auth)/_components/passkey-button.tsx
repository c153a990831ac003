'use client';
import { Fingerprint } from 'lucide-react';
import { sayPasskey, signInWithPasskey } from '@/app/_components/access/passkey';
import { PasskeyOrigin } from '@/app/_components/access/passkey-origin';
import { Button } from '@/app/_components/ui/button';
import { FormError } from '@/app/_components/ui/form';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Signs in by a passkey, and goes on to `to`, a path on this server. */
export function PasskeyButton({ to, origin }: { to: string; origin: string }) {
  const { busy, error, submit } = useSubmit({ say: sayPasskey });
  return (
    <PasskeyOrigin origin={origin}>
      <div className="space-y-2">
        <FormError error={error} />
        <Button className="w-full" disabled={busy} onClick={() => submit(() => signInWithPasskey(to))}>
          <Fingerprint size={14} aria-hidden />
          {busy ? 'Waiting for your passkey…' : 'Sign in with a passkey'}
        </Button>
      </div>
    </PasskeyOrigin>
  );
}

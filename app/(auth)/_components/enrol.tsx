'use client';
import { useState } from 'react';
import { AddPasskey } from '@/app/_components/access/add-passkey';
import { PasskeyOrigin } from '@/app/_components/access/passkey-origin';
import { SetUpApp } from '@/app/_components/access/set-up-app';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';

const enter = () => window.location.assign('/');

/** Sets a second factor up, an app or a passkey, or signs out. */
export function Enrol({
  email,
  origin,
}: {
  email: string /** Where browsers make passkeys. */;
  origin: string | null;
}) {
  const [by, setBy] = useState<'app' | 'passkey' | null>(null);
  const { busy, submit } = useSubmit({ failed: 'You are signed in still' });
  if (by === 'app') return <SetUpApp email={email} onDone={enter} onCancel={() => setBy(null)} />;
  if (by === 'passkey') return <AddPasskey email={email} onDone={enter} onCancel={() => setBy(null)} />;
  return (
    <div className="space-y-3">
      <Button look="primary" className="w-full" onClick={() => setBy('app')}>
        Authenticator app
      </Button>
      {origin !== null && (
        <PasskeyOrigin origin={origin}>
          <Button className="w-full" onClick={() => setBy('passkey')}>
            Passkey
          </Button>
        </PasskeyOrigin>
      )}
      <Button
        look="ghost"
        disabled={busy}
        onClick={() =>
          submit(async () => {
            await api(null, '/api/auth/sign-out', { method: 'POST', body: {} });
            window.location.assign('/sign-in');
            return 'leaving';
          })
        }
      >
        Sign out instead
      </Button>
    </div>
  );
}

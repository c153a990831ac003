'use client';
import { SetUpApp } from '@/app/_components/access/set-up-app';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { useSubmit } from '@/app/_components/ui/use-submit';

/** Sets a second factor up, or signs out. */
export function Enrol({ email }: { email: string }) {
  const { busy, submit } = useSubmit({ failed: 'You are signed in still' });
  return (
    <div className="space-y-6">
      <SetUpApp email={email} onDone={() => window.location.assign('/')} />
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

'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { CodeField, SetUpApp } from '@/app/_components/access/set-up-app';
import { RecoveryCodes } from '@/app/_components/access/recovery-codes';
import { api } from '@/app/_components/api/client';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { DialogForm, useForm } from '@/app/_components/ui/form';
import { toast } from '@/app/_components/ui/toasts';
import type { SecondFactor } from '@/lib/schemas/second-factor';

type Open = 'set-up' | 'remove' | 'codes' | null;

/** What is asked for beside the password, and how it is set up and taken away. */
export function SecondFactorCard({ state, email }: { state: SecondFactor; email: string }) {
  const router = useRouter();
  const [open, setOpen] = useState<Open>(null);
  const hasAny = state.appSince !== null || state.passkeys.length > 0;
  function close(): void {
    setOpen(null);
    router.refresh();
  }
  return (
    <Card title="Authenticator app">
      <div className="space-y-3">
        {!hasAny && state.reset && (
          <p role="note">
            {state.reset.by} took your second factor away on <Time at={state.reset.at} />. If you did not ask for that,
            tell another administrator at once.
          </p>
        )}
        {state.appSince === null ? (
          <>
            <p className="text-muted">
              {hasAny
                ? 'A code of an app can be asked for beside your password, too.'
                : 'Your password alone lets you in. With an authenticator app a code is asked for beside it.'}
            </p>
            <Button onClick={() => setOpen('set-up')}>Set up an app…</Button>
          </>
        ) : (
          <>
            <p>
              An authenticator app is asked for a code at sign-in, since <Time at={state.appSince} />.{' '}
              <span className={state.recoveryCodesLeft < 3 ? 'text-v-warnings' : 'text-muted'}>
                {state.recoveryCodesLeft} of 10 recovery codes are left.
              </span>
            </p>
            <div className="flex flex-wrap gap-2">
              <Button onClick={() => setOpen('codes')}>New recovery codes…</Button>
              {state.isRequired && state.passkeys.length === 0 ? (
                <p className="self-center text-muted">Everybody has to have one here.</p>
              ) : (
                <Button look="danger" onClick={() => setOpen('remove')}>
                  Turn off…
                </Button>
              )}
            </div>
          </>
        )}
      </div>
      <Dialog
        open={open === 'set-up'}
        onOpenChange={(next) => !next && close()}
        title="Set up an authenticator app"
        description="Every other browser you are signed in with is signed out."
      >
        <SetUpApp email={email} onDone={close} onCancel={close} />
      </Dialog>
      <Dialog
        open={open === 'remove'}
        onOpenChange={(next) => !next && close()}
        title="Turn the app off"
        description={
          state.passkeys.length > 0
            ? 'Your passkeys go on signing you in.'
            : 'From then on your password alone lets you in.'
        }
      >
        <Remove onClose={close} />
      </Dialog>
      <Dialog
        open={open === 'codes'}
        onOpenChange={(next) => !next && close()}
        title="New recovery codes"
        description="Those you have are good no more."
      >
        <Renew onClose={close} />
      </Dialog>
    </Card>
  );
}

function Remove({ onClose }: { onClose: () => void }) {
  const form = useForm({
    send: async (field) => {
      await api(null, '/api/v1/me/second-factor/app/remove', {
        method: 'POST',
        body: { password: field('password'), code: field('code') },
      });
      toast('The app is off');
      onClose();
    },
  });
  return (
    <DialogForm form={form} onCancel={onClose} action="Turn off" whileBusy="Turning off…" look="danger">
      <Password />
      <Field
        label="Code of the app, or a recovery code"
        name="code"
        required
        maxLength={40}
        autoComplete="one-time-code"
        className="font-mono"
      />
    </DialogForm>
  );
}

function Renew({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const form = useForm({
    send: async (field) => {
      const { RecoveryCodes } = await import('@/lib/schemas/second-factor');
      const { recoveryCodes } = await api(RecoveryCodes, '/api/v1/me/second-factor/recovery-codes', {
        method: 'POST',
        body: { password: field('password'), code: field('code') },
      });
      setCodes(recoveryCodes);
    },
  });
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  return (
    <DialogForm form={form} onCancel={onClose} action="Make new ones" whileBusy="Making…">
      <Password />
      <CodeField label="Code of the app" />
    </DialogForm>
  );
}

function Password() {
  return (
    <Field
      label="Your password"
      name="password"
      type="password"
      required
      maxLength={128}
      autoComplete="current-password"
    />
  );
}

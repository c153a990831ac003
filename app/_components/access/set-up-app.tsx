'use client';
import { Suspense, lazy, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';
import { CopyButton } from '@/app/_components/ui/hash';
import type { StartedApp } from '@/lib/schemas/second-factor';
import { RecoveryCodes } from './recovery-codes';

const QrCode = lazy(() => import('./qr-code').then((parts) => ({ default: parts.QrCode })));

/** Sets up an authenticator app: the password, then a code of the app, then the recovery codes. */
export function SetUpApp({ email, onDone, onCancel }: { email: string; onDone: () => void; onCancel?: () => void }) {
  const [started, setStarted] = useState<StartedApp | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} onClose={onDone} />;
  return started ? (
    <Confirm started={started} onConfirmed={setCodes} onCancel={onCancel} />
  ) : (
    <Begin email={email} onStarted={setStarted} onCancel={onCancel} />
  );
}

function Begin({
  email,
  onStarted,
  onCancel,
}: {
  email: string;
  onStarted: (started: StartedApp) => void;
  onCancel: (() => void) | undefined;
}) {
  const form = useForm({
    send: async (field) => {
      const { StartedApp } = await import('@/lib/schemas/second-factor');
      onStarted(
        await api(StartedApp, '/api/v1/me/second-factor/app', {
          method: 'POST',
          body: { password: field('password') },
        }),
      );
    },
  });
  return (
    <form onSubmit={form.onSubmit} className="space-y-3">
      <input type="text" name="username" value={email} readOnly hidden autoComplete="username" />
      <Field
        label="Your password"
        name="password"
        type="password"
        required
        maxLength={128}
        autoComplete="current-password"
        autoFocus
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <FormEnd form={form} look="primary" whileBusy="Checking…">
          Go on
        </FormEnd>
      </div>
    </form>
  );
}

function Confirm({
  started: { uri, secret },
  onConfirmed,
  onCancel,
}: {
  started: StartedApp;
  onConfirmed: (codes: readonly string[]) => void;
  onCancel: (() => void) | undefined;
}) {
  const form = useForm({
    send: async (field) => {
      const { RecoveryCodes } = await import('@/lib/schemas/second-factor');
      const { recoveryCodes } = await api(RecoveryCodes, '/api/v1/me/second-factor/app/confirm', {
        method: 'POST',
        body: { code: field('code') },
      });
      onConfirmed(recoveryCodes);
    },
  });
  const groups = secret.match(/.{1,4}/g) ?? [];
  return (
    <form onSubmit={form.onSubmit} className="space-y-3">
      <p className="text-muted">
        Scan this with your authenticator app, or type the key into it. Then say the code it shows.
      </p>
      <Suspense fallback={<div className="size-52 rounded-md border" />}>
        <QrCode text={uri} label="QR code for an authenticator app; the key below says the same" />
      </Suspense>
      <div className="space-y-1">
        <p className="text-xs font-medium text-muted">Key</p>
        <p className="font-mono text-xs [overflow-wrap:anywhere]">{groups.join(' ')}</p>
        <CopyButton value={secret} label="Copy key" />
      </div>
      <CodeField label="Code of the app" />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <FormEnd form={form} look="primary" whileBusy="Checking…">
          Turn on
        </FormEnd>
      </div>
    </form>
  );
}

/** Six digits that an app shows. */
export function CodeField({ label }: { label: string }) {
  return (
    <Field
      label={label}
      name="code"
      required
      inputMode="numeric"
      pattern="[0-9 ]{6,7}"
      title="six digits"
      maxLength={7}
      autoComplete="one-time-code"
      autoFocus
      className="font-mono"
    />
  );
}

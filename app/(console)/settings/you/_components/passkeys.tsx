'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { AddPasskey } from '@/app/_components/access/add-passkey';
import { PasskeyOrigin } from '@/app/_components/access/passkey-origin';
import { api } from '@/app/_components/api/client';
import { Ago, Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Dialog } from '@/app/_components/ui/dialog';
import { Field } from '@/app/_components/ui/field';
import { DialogForm, useForm } from '@/app/_components/ui/form';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { toast } from '@/app/_components/ui/toasts';
import type { Passkey, SecondFactor } from '@/lib/schemas/second-factor';

/** Keys one signs in with instead of a password. */
export function Passkeys({
  state: { passkeys, appSince },
  email,
  origin,
}: {
  state: SecondFactor;
  email: string;
  /** Where browsers make them; null for nowhere. */
  origin: string | null;
}) {
  const router = useRouter();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Passkey | null>(null);
  function close(): void {
    setAdding(false);
    setRemoved(null);
    router.refresh();
  }
  return (
    <Card title="Passkeys" total={passkeys.length} flush>
      {passkeys.length > 0 && (
        <Table label="Passkeys">
          <Head>
            <HeadCell>Name</HeadCell>
            <HeadCell>Since</HeadCell>
            <HeadCell>Last used</HeadCell>
            <HiddenHeadCell>Remove</HiddenHeadCell>
          </Head>
          <Body>
            {passkeys.map((passkey) => (
              <PasskeyRow key={passkey.id} passkey={passkey} onRemove={setRemoved} />
            ))}
          </Body>
        </Table>
      )}
      <div className="space-y-3 p-4">
        <p className="text-muted">
          A passkey of your device, password manager or security key signs you in instead of password and code.
        </p>
        {origin === null ? (
          <p className="text-muted">Browsers make none for this address: that takes https and the name of a host.</p>
        ) : (
          <PasskeyOrigin origin={origin}>
            <Button onClick={() => setAdding(true)}>Add a passkey…</Button>
          </PasskeyOrigin>
        )}
      </div>
      <Dialog
        open={isAdding}
        onOpenChange={(next) => !next && close()}
        title="Add a passkey"
        description="From then on your password alone does not let you in."
      >
        <AddPasskey email={email} onDone={close} onCancel={close} />
      </Dialog>
      <Dialog
        open={removed !== null}
        onOpenChange={(next) => !next && close()}
        title={`Remove “${removed?.name ?? ''}”`}
        description="It signs you in no more. Your device goes on keeping it until you remove it there."
      >
        {removed && <Remove passkey={removed} isLast={passkeys.length === 1 && appSince === null} onClose={close} />}
      </Dialog>
    </Card>
  );
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: (passkey: Passkey) => void }) {
  const { name, createdAt, lastUsedAt, isSynced, refusedAt } = passkey;
  return (
    <Row>
      <RowHead className="font-medium [overflow-wrap:anywhere]">
        {name}
        {isSynced && <span className="font-normal text-faint"> (synced)</span>}
        {refusedAt && (
          <span className="block text-xs font-normal text-v-tampered">
            Refused since <Time at={refusedAt} />: there is a copy of it. Remove it, and ask who else had it.
          </span>
        )}
      </RowHead>
      <Cell label="Since" className="text-muted">
        <Time at={createdAt} />
      </Cell>
      <Cell label="Last used" className="text-muted">
        {lastUsedAt ? (
          <>
            <Time at={lastUsedAt} />, <Ago at={lastUsedAt} />
          </>
        ) : (
          'never'
        )}
      </Cell>
      <Cell numeric>
        <Button look="danger" size="sm" aria-label={`Remove passkey ${name}`} onClick={() => onRemove(passkey)}>
          Remove…
        </Button>
      </Cell>
    </Row>
  );
}

function Remove({ passkey, isLast, onClose }: { passkey: Passkey; isLast: boolean; onClose: () => void }) {
  const form = useForm({
    send: async (field) => {
      await api(null, `/api/v1/me/passkeys/${encodeURIComponent(passkey.id)}/remove`, {
        method: 'POST',
        body: { password: field('password'), ...(isLast && { code: field('code') }) },
      });
      toast(`“${passkey.name}” signs you in no more`);
      onClose();
    },
  });
  return (
    <DialogForm form={form} onCancel={onClose} action="Remove" whileBusy="Removing…" look="danger">
      <Field
        label="Your password"
        name="password"
        type="password"
        required
        maxLength={128}
        autoComplete="current-password"
      />
      {isLast && (
        <Field
          label="A recovery code"
          name="code"
          required
          maxLength={40}
          autoComplete="off"
          className="font-mono"
          hint="It is your last second factor: from then on your password alone lets you in."
        />
      )}
    </DialogForm>
  );
}

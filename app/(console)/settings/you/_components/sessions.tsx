'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { formatDevice } from '@/app/_components/format/device';
import { Ago, Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { SignedIn } from '@/lib/schemas/settings';

/** Browsers one is signed in with. */
export function Sessions({ sessions }: { sessions: readonly SignedIn[] }) {
  return (
    <Card title="Where you are signed in" total={sessions.length} flush>
      <Table label="Sessions">
        <Head>
          <HeadCell>Device</HeadCell>
          <HeadCell>Address</HeadCell>
          <HeadCell>Since</HeadCell>
          <HeadCell>Last used</HeadCell>
          <HiddenHeadCell>Sign out</HiddenHeadCell>
        </Head>
        <Body>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </Body>
      </Table>
    </Card>
  );
}

function SessionRow({ session: { id, userAgent, address, since, lastUsedAt, isThis } }: { session: SignedIn }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'That browser is signed in still' });
  const device = formatDevice(userAgent);
  return (
    <Row>
      <RowHead className="font-medium" title={userAgent ?? undefined}>
        {device}
        {isThis && <span className="font-normal text-faint"> (this one)</span>}
      </RowHead>
      <Cell label="Address" className="font-mono text-xs">
        {address ?? 'not known'}
      </Cell>
      <Cell label="Since" className="text-muted">
        <Time at={since} />
      </Cell>
      <Cell label="Last used" className="text-muted">
        <Time at={lastUsedAt} />, <Ago at={lastUsedAt} />
      </Cell>
      <Cell numeric>
        {!isThis && (
          <Button
            look="danger"
            size="sm"
            disabled={busy}
            aria-label={`Sign out ${device}`}
            onClick={() =>
              submit(async () => {
                await api(null, `/api/v1/me/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
                toast(`${device} is signed out`);
                router.refresh();
              })
            }
          >
            Sign out
          </Button>
        )}
      </Cell>
    </Row>
  );
}

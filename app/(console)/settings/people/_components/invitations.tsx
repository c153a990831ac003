'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { ROLE_LABEL } from '@/lib/schemas/roles';
import type { Invitation } from '@/lib/schemas/settings';

/** Who was invited and has not joined. */
export function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  return (
    <Card title="Invited" total={invitations.length} flush>
      <Table label="Invitations">
        <Head>
          <HeadCell>E-mail</HeadCell>
          <HeadCell>Role</HeadCell>
          <HeadCell>Invited</HeadCell>
          <HeadCell>Good until</HeadCell>
          <HiddenHeadCell>Take back</HiddenHeadCell>
        </Head>
        <Body>
          {invitations.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </Body>
      </Table>
    </Card>
  );
}

function InvitationRow({
  invitation: { id, email, role, createdBy, createdAt, expiresAt },
}: {
  invitation: Invitation;
}) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'The invitation is good still' });
  return (
    <Row>
      <RowHead className="font-medium [overflow-wrap:anywhere]">{email}</RowHead>
      <Cell label="Role">{ROLE_LABEL[role]}</Cell>
      <Cell label="Invited" className="text-muted">
        <Time at={createdAt} /> <span className="text-xs [overflow-wrap:anywhere]">by {createdBy}</span>
      </Cell>
      <Cell label="Good until" className="text-muted">
        <Time at={expiresAt} />
      </Cell>
      <Cell numeric>
        <Button
          look="danger"
          size="sm"
          disabled={busy}
          aria-label={`Take back the invitation of ${email}`}
          onClick={() =>
            submit(async () => {
              await api(null, `/api/v1/invitations/${id}`, { method: 'DELETE' });
              toast(`The invitation of ${email} is taken back`);
              router.refresh();
            })
          }
        >
          Take back
        </Button>
      </Cell>
    </Row>
  );
}

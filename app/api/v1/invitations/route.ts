import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listInvitations } from '@/lib/access/invitations';
import { invite } from '@/lib/notify/mail-link';
import { CreatedLink, Invitation, NewInvitation } from '@/lib/schemas/settings';

export const GET = handler(
  {
    summary: 'Invitations that are good still, the newest first; at most 500.',
    access: 'administrator',
    response: z.object({ items: z.array(Invitation) }),
  },
  async ({ ctx }) => ({ items: await listInvitations(ctx) }),
);

/** 201 with the link, which is not shown again. */
export const POST = handler(
  {
    summary:
      'Makes a link by which somebody becomes a person of this role, once and within a week, in place of an earlier one to the same address. It is shown this once.',
    access: 'administrator',
    errors: ['CONFLICT'],
    body: NewInvitation,
    response: CreatedLink,
    status: 201,
  },
  ({ ctx, actor, body }) => invite(ctx, { ...body, actor }),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { revokeInvitation } from '@/lib/access/invitations';

export const DELETE = handler(
  {
    summary: 'Takes an invitation back.',
    access: 'administrator',
    params: z.object({ invitationId: z.uuid() }),
  },
  ({ ctx, actor, params }) => revokeInvitation(ctx, { ...params, actor }),
);

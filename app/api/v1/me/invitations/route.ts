import { linkedOf } from '@/app/_server/auth';
import { handler } from '@/app/_server/handler';
import { acceptInvitation } from '@/lib/access/workspaces/accept-invitation';
import { AcceptedInvitation, GivenInvitation } from '@/lib/schemas/workspaces';

export const POST = handler(
  {
    summary: 'Makes the person who asks a member of the workspace whose invitation was sent to their address.',
    access: 'person',
    isOfInstallation: true,
    body: GivenInvitation,
    response: AcceptedInvitation,
    status: 201,
  },
  async ({ ctx, actor, body }) =>
    acceptInvitation(await linkedOf(ctx, body.token), { ...body, person: { id: actor.id, email: actor.name } }),
);

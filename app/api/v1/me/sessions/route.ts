import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listSessions } from '@/lib/access/sessions';
import { SignedIn } from '@/lib/schemas/settings';

export const GET = handler(
  {
    summary: 'Browsers that the person who asks is signed in with, the one used last first.',
    access: 'person',
    isOfInstallation: true,
    response: z.object({ items: z.array(SignedIn) }),
  },
  async ({ ctx, actor, request }) => ({
    items: await listSessions(ctx, { personId: actor.id, headers: request.headers }),
  }),
);

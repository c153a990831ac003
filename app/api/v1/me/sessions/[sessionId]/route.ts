import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { endSessions } from '@/lib/access/sessions';

/** 204; also for the session that asks. */
export const DELETE = handler(
  {
    summary: 'Signs one browser of the person who asks out.',
    access: 'person',
    isOfInstallation: true,
    params: z.object({ sessionId: z.string() }),
  },
  async ({ ctx, actor, params }) => {
    await endSessions(ctx, { ...params, personId: actor.id, actor });
  },
);

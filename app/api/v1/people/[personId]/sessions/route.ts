import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { endSessions } from '@/lib/access/sessions';

export const DELETE = handler(
  {
    summary: 'Signs a person out everywhere.',
    access: 'administrator',
    params: z.object({ personId: z.string() }),
    response: z.object({ ended: z.number().int() }),
  },
  ({ ctx, actor, params }) => endSessions(ctx, { ...params, actor }),
);

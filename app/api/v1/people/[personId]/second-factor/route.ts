import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { resetAndTell } from '@/lib/notify/mail-reset';
import { ResetSecondFactor } from '@/lib/schemas/second-factor';

export const DELETE = handler(
  {
    summary: 'Takes the second factor of a person who lost it away, and signs them out everywhere.',
    access: 'administrator',
    errors: ['CONFLICT'],
    params: z.object({ personId: z.string() }),
    response: ResetSecondFactor,
  },
  ({ ctx, actor, params }) => resetAndTell(ctx, { ...params, actor }),
);

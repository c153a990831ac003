import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { changePerson } from '@/lib/access/change-person';
import { AccountChange } from '@/lib/schemas/settings';

export const PATCH = handler(
  {
    summary:
      'Gives a person another role, or lets them in no more, or again. Never the last administrator: somebody has to be able to sign in as one.',
    access: 'administrator',
    errors: ['CONFLICT'],
    params: z.object({ personId: z.string() }),
    body: AccountChange,
  },
  ({ ctx, actor, params, body }) => changePerson(ctx, { ...params, ...body, actor }),
);

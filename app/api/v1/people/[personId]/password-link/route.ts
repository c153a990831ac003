import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { resetPassword } from '@/lib/notify/mail-link';
import { CreatedLink } from '@/lib/schemas/settings';

/** 201 with the link, which is not shown again. */
export const POST = handler(
  {
    summary: 'Makes a link by which a person sets a new password, once and within a day. It is shown this once.',
    access: 'administrator',
    errors: ['CONFLICT'],
    params: z.object({ personId: z.string() }),
    response: CreatedLink,
    status: 201,
  },
  ({ ctx, actor, params }) => resetPassword(ctx, { ...params, actor }),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { createToken, listTokens } from '@/lib/access/tokens';
import { ApiToken, CreatedToken, NewToken } from '@/lib/schemas/settings';

export const GET = handler(
  { summary: 'API tokens.', access: 'person', response: z.object({ items: z.array(ApiToken) }) },
  async ({ ctx }) => ({
    items: await listTokens(ctx),
  }),
);

/** 201 with the token's text, which is not shown again. */
export const POST = handler(
  {
    summary: 'Makes an API token. Its text is shown once.',
    access: 'administrator',
    body: NewToken,
    response: CreatedToken,
    status: 201,
  },
  ({ ctx, actor, body }) => createToken(ctx, { ...body, actor }),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { revokeToken } from '@/lib/access/tokens';

export const DELETE = handler(
  {
    summary: 'Revokes an API token.',
    access: 'administrator',
    params: z.object({ tokenId: z.string().min(1).max(100) }),
  },
  ({ ctx, actor, params }) => revokeToken(ctx, { ...params, actor }),
);

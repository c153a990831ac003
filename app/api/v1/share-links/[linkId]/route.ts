import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { revokeShareLink } from '@/lib/package/share-links/revoke';

export const DELETE = handler(
  { summary: 'Ends a read-only link at once.', access: 'analyst', params: z.object({ linkId: z.uuid() }) },
  ({ ctx, actor, params }) => revokeShareLink(ctx, { ...params, actor }),
);

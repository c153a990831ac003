import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listUploads } from '@/lib/chains/uploads';
import { PageQuery } from '@/lib/schemas/common';
import { UploadPage } from '@/lib/schemas/uploads';

/** Everything ever sent to the chain, newest first. */
export const GET = handler(
  {
    summary: 'Everything ever sent to the chain, newest first.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: PageQuery,
    response: UploadPage,
  },
  ({ ctx, params, query }) => listUploads(ctx, { ...params, ...query }),
);

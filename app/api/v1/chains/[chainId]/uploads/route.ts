import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listUploads } from '@/lib/chains/uploads';
import { UploadPage, UploadsQuery } from '@/lib/schemas/uploads';

/** Everything ever sent to the chain, newest first. */
export const GET = handler(
  {
    summary: 'Everything ever sent to the chain, newest first, or in the order that is asked for.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: UploadsQuery,
    response: UploadPage,
  },
  ({ ctx, params, query }) => listUploads(ctx, { ...params, ...query }),
);

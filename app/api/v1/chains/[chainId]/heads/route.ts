import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listHeads } from '@/lib/chains/heads';
import { HeadPage } from '@/lib/schemas/chains';
import { PageQuery } from '@/lib/schemas/common';

export const GET = handler(
  {
    summary: 'Heads of the chain that were observed, newest first, each with how the chain relates to it now.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: PageQuery,
    response: HeadPage,
  },
  ({ ctx, params, query }) => listHeads(ctx, { ...params, ...query }),
);

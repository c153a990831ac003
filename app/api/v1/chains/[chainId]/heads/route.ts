import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listHeads } from '@/lib/chains/heads';
import { HeadPage, HeadsQuery } from '@/lib/schemas/chains';

export const GET = handler(
  {
    summary:
      'Heads of the chain that were observed, newest first or in the order that is asked for, each with how the chain relates to it now.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: HeadsQuery,
    response: HeadPage,
  },
  ({ ctx, params, query }) => listHeads(ctx, { ...params, ...query }),
);

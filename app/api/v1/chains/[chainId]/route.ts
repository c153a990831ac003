import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getChain } from '@/lib/chains/chains';
import { ChainDetail } from '@/lib/schemas/chains';

export const GET = handler(
  {
    summary: 'One chain with its verdict, figures and first 500 problems.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    response: ChainDetail,
  },
  ({ ctx, params }) => getChain(ctx, params),
);

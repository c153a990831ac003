import { handler } from '@/app/_server/handler';
import { listChains } from '@/lib/chains/chains';
import { ChainPage, ChainsQuery } from '@/lib/schemas/chains';

export const GET = handler(
  {
    summary: 'Chains, newest first, or in the order that is asked for.',
    access: 'read',
    query: ChainsQuery,
    response: ChainPage,
  },
  ({ ctx, query }) => listChains(ctx, query),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { chainSummary } from '@/lib/chains/chain-summary';
import { ChainSummary, SummaryQuery } from '@/lib/schemas/chains';

/** Range asked for, range found, records valid and in all, gaps in time and problems. 409 while the chain is pending. */
export const GET = handler(
  {
    summary: 'What the chain holds of a period, in the manner of CloudTrail’s validation report.',
    access: 'read',
    errors: ['CONFLICT'],
    params: z.object({ chainId: z.uuid() }),
    query: SummaryQuery,
    response: ChainSummary,
  },
  ({ ctx, params, query }) => chainSummary(ctx, { ...params, ...query }),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listProblems } from '@/lib/chains/problems';
import { ProblemPage } from '@/lib/schemas/chains';
import { PageQuery } from '@/lib/schemas/common';

export const GET = handler(
  {
    summary: 'All problems of the chain, in file order.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: PageQuery,
    response: ProblemPage,
  },
  ({ ctx, params, query }) => listProblems(ctx, { ...params, ...query }),
);

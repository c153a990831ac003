import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getChain } from '@/lib/chains/chains';
import { ChainDetail } from '@/lib/schemas/chains';

export const GET = handler(
  { access: 'read', params: z.object({ chainId: z.uuid() }), response: ChainDetail },
  ({ ctx, params }) => getChain(ctx, params),
);

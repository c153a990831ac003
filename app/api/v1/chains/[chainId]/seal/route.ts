import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { sealChain } from '@/lib/ingest/seal-chain';
import { Seal } from '@/lib/schemas/appends';

/** Seals the chain: it accepts no more records. Final. */
export const POST = handler(
  {
    summary: 'Seals the chain: it accepts no more records. Final.',
    access: 'ingest',
    errors: ['CONFLICT'],
    params: z.object({ chainId: z.uuid() }),
    response: Seal,
  },
  ({ ctx, actor, params }) => sealChain(ctx, { ...params, actor }),
);

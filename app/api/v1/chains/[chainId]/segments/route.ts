import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listSegments } from '@/lib/chains/segments';
import { SegmentPage } from '@/lib/schemas/chains';
import { PageQuery } from '@/lib/schemas/common';

export const GET = handler(
  {
    summary: 'Segments of the chain with digest, place, verdict and attestation.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    query: PageQuery,
    response: SegmentPage,
  },
  ({ ctx, params, query }) => listSegments(ctx, { ...params, ...query }),
);

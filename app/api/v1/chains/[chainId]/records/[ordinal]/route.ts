import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getRecord } from '@/lib/chains/record';
import { RecordDetail } from '@/lib/schemas/chains';

const Params = z.object({ chainId: z.uuid(), ordinal: z.coerce.number().int().min(0) });

export const GET = handler(
  {
    summary: 'One record with its raw line, claimed and computed hash.',
    access: 'read',
    downloads: 'records',
    params: Params,
    response: RecordDetail,
  },
  ({ ctx, params }) => getRecord(ctx, params),
);

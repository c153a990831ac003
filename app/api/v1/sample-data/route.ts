import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { loadSampleData } from '@/lib/ingest/sample-data';

/** Loads a week of sample chains through the same door as anybody's logs. */
export const POST = handler(
  {
    summary: 'Loads a week of sample chains.',
    access: 'analyst',
    response: z.object({ chains: z.number().int() }),
    status: 202,
  },
  ({ ctx, actor }) => loadSampleData(ctx, { actor }),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getPackage } from '@/lib/package/packages';
import { EvidencePackage } from '@/lib/schemas/packages';

export const GET = handler(
  {
    summary: 'One evidence package.',
    access: 'read',
    params: z.object({ packageId: z.uuid() }),
    response: EvidencePackage,
  },
  ({ ctx, params }) => getPackage(ctx, params),
);

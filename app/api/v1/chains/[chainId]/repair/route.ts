import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { planChainRepair } from '@/lib/chains/repair';
import { RepairPlan } from '@/lib/schemas/repair';

/** A dry run: what a repaired copy would leave out. */
export const GET = handler(
  {
    summary: 'Says what a repaired copy would leave out, and changes nothing.',
    access: 'read',
    downloads: 'records',
    errors: ['CONFLICT'],
    params: z.object({ chainId: z.uuid() }),
    response: RepairPlan,
  },
  ({ ctx, params }) => planChainRepair(ctx, params),
);

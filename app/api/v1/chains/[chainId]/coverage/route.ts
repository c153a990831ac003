import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getCoverage } from '@/lib/attest/policy/coverage';
import { Coverage } from '@/lib/schemas/attestation-requests';

/** How much of the chain is under a signed attestation, and since when the oldest record that is not waits. */
export const GET = handler(
  {
    summary: 'How much of the chain is under a signed attestation, and since when the oldest record that is not waits.',
    access: 'read',
    params: z.object({ chainId: z.uuid() }),
    response: Coverage,
  },
  ({ ctx, params }) => getCoverage(ctx, params),
);

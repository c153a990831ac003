import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { withdrawAttestation } from '@/lib/attest/withdraw';
import { Attestation } from '@/lib/schemas/attestations';

const Body = z.object({ reason: z.string().trim().min(1, 'say why').max(1000) });

/** Takes an attestation back, with a reason; our transparency log says so. Final. */
export const POST = handler(
  {
    summary: 'Takes an attestation back, with a reason, which is public. Final.',
    access: 'analyst',
    errors: ['CONFLICT'],
    params: z.object({ attestationId: z.uuid() }),
    body: Body,
    response: Attestation,
  },
  ({ ctx, actor, params, body }) => withdrawAttestation(ctx, { ...params, ...body, actor }),
);

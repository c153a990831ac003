import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getAttestation } from '@/lib/attest/attestations';
import { AttestationDetail } from '@/lib/schemas/attestation-detail';

/** The attestation with its bundle verified now, step by step. */
export const GET = handler(
  {
    summary: 'One attestation, with every bundle verified now, step by step.',
    access: 'read',
    downloads: 'bundle',
    params: z.object({ attestationId: z.uuid() }),
    response: AttestationDetail,
  },
  ({ ctx, params }) => getAttestation(ctx, params),
);

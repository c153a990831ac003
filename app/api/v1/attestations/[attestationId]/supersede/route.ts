import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { supersedeAttestation } from '@/lib/attest/requests/request-attestation';
import { REQUESTED_ANSWERS, requested } from '../../asked';

/** Attests the same again, as it stands now: the new attestation takes the place of the old one. */
export const POST = handler(
  {
    summary: 'Attests the same again, as it stands now: the new attestation takes the place of the old one.',
    access: 'ingest',
    answers: REQUESTED_ANSWERS,
    errors: ['CONFLICT', 'BUSY', 'SIGNING_FAILED', 'SIGNING_UNAVAILABLE', 'EVIDENCE_ALTERED'],
    params: z.object({ attestationId: z.uuid() }),
  },
  async ({ ctx, actor, params }) => requested(await supersedeAttestation(ctx, { ...params, actor })),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { requestPeriodAttestation } from '@/lib/attest/requests/request-attestation';
import { listAttestations } from '@/lib/attest/attestations';
import { PeriodScope } from '@/lib/schemas/attestation-requests';
import { AttestationPage, AttestationsQuery } from '@/lib/schemas/attestations';
import { REQUESTED_ANSWERS, requested } from './asked';

export const GET = handler(
  {
    summary: 'Attestations, newest first, or in the order that is asked for.',
    access: 'read',
    query: AttestationsQuery,
    response: AttestationPage,
  },
  ({ ctx, query }) => listAttestations(ctx, query),
);

/** Signs one statement over what several chains recorded in a period. 201, or 202 when it has to wait for a signing service. */
export const POST = handler(
  {
    summary: 'Signs one statement over what several chains recorded in a period.',
    access: 'ingest',
    answers: REQUESTED_ANSWERS,
    errors: ['CONFLICT', 'BUSY', 'SIGNING_FAILED', 'SIGNING_UNAVAILABLE', 'EVIDENCE_ALTERED'],
    body: z.object({ scope: PeriodScope }),
  },
  async ({ ctx, actor, body }) => requested(await requestPeriodAttestation(ctx, { ...body, actor })),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { requestChainAttestation } from '@/lib/attest/requests/request-attestation';
import { listAttestations } from '@/lib/attest/attestations';
import { ChainScope } from '@/lib/schemas/attestation-requests';
import { AttestationPage, AttestationsQuery } from '@/lib/schemas/attestations';
import { REQUESTED_ANSWERS, requested } from '../../../attestations/asked';

const Params = z.object({ chainId: z.uuid() });
const Body = z.object({ scope: ChainScope.default({ kind: 'chain' }) });

export const GET = handler(
  {
    summary: 'Attestations that cover the chain or part of it, newest first, or in the order that is asked for.',
    access: 'read',
    params: Params,
    query: AttestationsQuery,
    response: AttestationPage,
  },
  ({ ctx, params, query }) => listAttestations(ctx, { ...params, ...query }),
);

/** Signs a statement over the chain as it stands, or over part of it. 201 with the attestation; 202 with the request when it has to wait for a signing service; 409 while the verdict is pending. */
export const POST = handler(
  {
    summary: 'Signs a statement over the chain as it stands, a range, a session or a run.',
    access: 'ingest',
    answers: REQUESTED_ANSWERS,
    errors: ['CONFLICT', 'BUSY', 'SIGNING_FAILED', 'SIGNING_UNAVAILABLE', 'EVIDENCE_ALTERED', 'EVIDENCE_DELETED'],
    params: Params,
    body: Body,
  },
  async ({ ctx, actor, params, body }) => requested(await requestChainAttestation(ctx, { ...params, ...body, actor })),
);

import { Attestation } from '@/lib/schemas/attestations';
import { AttestationRequest } from '@/lib/schemas/attestation-requests';
import type { Requested } from '@/lib/attest/requests/request-attestation';

/** 201 with what was signed, or 202 with the request that waits. */
export function requested(outcome: Requested): Response {
  const headers = { 'Cache-Control': 'no-store' };
  if (outcome.attestation) return Response.json(Attestation.parse(outcome.attestation), { status: 201, headers });
  return Response.json(AttestationRequest.parse(outcome.request), {
    status: 202,
    headers: { ...headers, Location: `/api/v1/attestation-requests/${outcome.request.id}` },
  });
}

/** Of a route that answers with `requested`. */
export const REQUESTED_ANSWERS = {
  201: { is: 'It is signed.', types: ['application/json'], schema: Attestation },
  202: {
    is: 'It waits for a signing service, or an equal one is at work.',
    types: ['application/json'],
    schema: AttestationRequest,
    headers: { Location: 'Where to read the request' },
  },
} as const;

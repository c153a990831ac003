import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { listRequests } from '@/lib/attest/requests/list';
import { AttestationRequestPage, RequestState } from '@/lib/schemas/attestation-requests';
import { PageQuery, someOf } from '@/lib/schemas/common';

/** Requests to attest, newest first: who made each, whether it is signed, and if not, why. */
export const GET = handler(
  {
    summary: 'Requests to attest, newest first: who made each, whether it is signed, and if not, why.',
    access: 'read',
    query: PageQuery.extend({ chainId: z.uuid().optional(), state: someOf(RequestState.options).optional() }),
    response: AttestationRequestPage,
  },
  ({ ctx, query }) => listRequests(ctx, query),
);

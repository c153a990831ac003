import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getRequest } from '@/lib/attest/requests/list';
import { AttestationRequest } from '@/lib/schemas/attestation-requests';

export const GET = handler(
  {
    summary: 'One request for an attestation.',
    access: 'read',
    params: z.object({ requestId: z.uuid() }),
    response: AttestationRequest,
  },
  ({ ctx, params }) => getRequest(ctx, params),
);

import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { supersedeAttestation } from '@/lib/attest/requests/request-attestation';
import { requested } from '../../asked';

/** Attests the same again, as it stands now: the new attestation takes the place of the old one. */
export const POST = handler(
  { access: 'ingest', params: z.object({ attestationId: z.uuid() }) },
  async ({ ctx, actor, params }) => requested(await supersedeAttestation(ctx, { ...params, actor })),
);

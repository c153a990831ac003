import { z } from 'zod';
import { handler } from '@/app/_server/handler';
import { attestChain } from '@/lib/attest/attest-chain';
import { listAttestations } from '@/lib/attest/attestations';
import { Attestation, AttestationPage } from '@/lib/schemas/attestations';
import { PageQuery } from '@/lib/schemas/common';

const Params = z.object({ chainId: z.uuid() });

export const GET = handler({ access: 'read', params: Params, query: PageQuery, response: AttestationPage }, ({ ctx, params, query }) => listAttestations(ctx, { ...params, ...query }));

/** Signs a statement over the chain as it stands. 201 with the attestation; 409 while its verdict is pending. */
export const POST = handler({ access: 'ingest', params: Params, response: Attestation, status: 201 }, ({ ctx, caller, params }) =>
  attestChain(ctx, { ...params, requestedBy: caller.name }),
);

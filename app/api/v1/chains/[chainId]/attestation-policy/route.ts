import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { dropPolicy, policyOf, setPolicy } from '@/lib/attest/policy/policy';
import { AttestationPolicy, ChainAttestationPolicy } from '@/lib/schemas/attestation-requests';

const Params = z.object({ chainId: z.uuid() });

/** When the chain is attested without anybody asking: by its own policy, or the installation's. */
export const GET = handler(
  {
    summary: 'When the chain is attested without anybody asking: by its own policy, or the installation’s.',
    access: 'read',
    params: Params,
    response: ChainAttestationPolicy,
  },
  ({ ctx, params }) => policyOf(ctx, params),
);
export const PUT = handler(
  {
    summary: 'Gives the chain a policy of its own.',
    access: 'administrator',
    params: Params,
    body: AttestationPolicy,
    response: ChainAttestationPolicy,
  },
  ({ ctx, actor, params, body }) => setPolicy(ctx, { ...params, policy: body, actor }),
);
/** The installation's policy holds again. */
export const DELETE = handler(
  {
    summary: 'Removes the policy of the chain: the installation’s holds again.',
    access: 'administrator',
    params: Params,
    response: ChainAttestationPolicy,
  },
  ({ ctx, actor, params }) => dropPolicy(ctx, { ...params, actor }),
);

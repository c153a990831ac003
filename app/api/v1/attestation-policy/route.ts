import { handler } from '@/app/_server/handler';
import { policyOf, setPolicy } from '@/lib/attest/policy/policy';
import { AttestationPolicy, ChainAttestationPolicy } from '@/lib/schemas/attestation-requests';

/** When chains without a policy of their own are attested. */
export const GET = handler(
  {
    summary: 'When chains without a policy of their own are attested.',
    access: 'read',
    response: ChainAttestationPolicy,
  },
  ({ ctx }) => policyOf(ctx, { chainId: null }),
);
export const PUT = handler(
  {
    summary: 'Sets when chains without a policy of their own are attested.',
    access: 'administrator',
    body: AttestationPolicy,
    response: ChainAttestationPolicy,
  },
  ({ ctx, actor, body }) => setPolicy(ctx, { chainId: null, policy: body, actor }),
);

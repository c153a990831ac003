import { Only } from '@/app/_components/access/role';
import { PolicyDialog } from '@/app/_components/attestation/policy-dialog';
import { policyWords } from '@/app/_components/attestation/policy-words';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import type { ChainAttestationPolicy } from '@/lib/schemas/attestation-requests';

/** When chains without a policy of their own are attested. */
export function AttestationPolicyCard({ policy }: { policy: ChainAttestationPolicy }) {
  return (
    <Card
      title="Attestation policy"
      aside={
        <Only need="administrator">
          <PolicyDialog path="/api/v1/attestation-policy" policy={policy} />
        </Only>
      }
    >
      <p>{policyWords(policy)}</p>
      <p className="mt-1 text-muted">
        It holds for every chain without a policy of its own.{' '}
        {policy.changedBy && policy.changedAt && (
          <>
            Changed by {policy.changedBy}, <Time at={policy.changedAt} />.
          </>
        )}
      </p>
    </Card>
  );
}

import { Only } from '@/app/_components/access/role';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { formatCount, formatShare } from '@/app/_components/format/number';
import { Ago } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { policyWords } from '@/app/_components/attestation/policy-words';
import type { ChainAttestationPolicy, Coverage } from '@/lib/schemas/attestation-requests';
import { PolicyDialog } from './lazy-parts';

/** How much of the chain is signed, since when the oldest record that is not waits, and what signs it. */
export function CoverageCard({
  chainId,
  coverage,
  policy,
}: {
  chainId: string;
  coverage: Coverage;
  policy: ChainAttestationPolicy;
}) {
  const { records, attestedRecords, oldestUncovered, isOverdue } = coverage;
  return (
    <Card
      title="Covered by signatures"
      aside={
        <Only need="administrator">
          <PolicyDialog path={`/api/v1/chains/${chainId}/attestation-policy`} policy={policy} />
        </Only>
      }
    >
      <p className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <span className="text-xl font-semibold tabular">{formatShare(attestedRecords, records)}</span>
        <span className="text-muted tabular">
          {formatCount(attestedRecords)} of {formatCount(records)} records
        </span>
        {oldestUncovered && (
          <span className={isOverdue ? 'text-v-tampered' : 'text-muted'}>
            The oldest that is not, record {formatCount(oldestUncovered.ordinal)}, came{' '}
            <Ago at={oldestUncovered.receivedAt} />
            {isOverdue && ', longer ago than the policy allows'}.
          </span>
        )}
      </p>
      <StackedBar
        parts={[{ key: 'signed', value: attestedRecords, tone: 'var(--color-seal)' }]}
        of={records}
        height={6}
      />
      <p className="mt-3 text-muted">
        {policyWords(policy)}{' '}
        {policy.isOwn ? 'This chain has a policy of its own.' : 'As every chain without a policy of its own.'}
      </p>
    </Card>
  );
}

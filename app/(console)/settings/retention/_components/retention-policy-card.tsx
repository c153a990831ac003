import { Only } from '@/app/_components/access/role';
import { keepWords } from '@/app/_components/retention/words';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import type { RetentionPolicy } from '@/lib/schemas/retention';
import { KeepDialog } from './keep-dialog';

/** For how long chains without a policy of their own are kept. */
export function RetentionPolicyCard({ policy }: { policy: RetentionPolicy }) {
  return (
    <Card
      title="Policy"
      aside={
        <Only need="administrator">
          <KeepDialog path="/api/v1/retention/policy" policy={policy} />
        </Only>
      }
    >
      <p>
        Chains are kept {policy.keepDays === null ? '' : 'for '}
        {keepWords(policy.keepDays)}
        {policy.keepDays !== null && ' from the last of them that was received'}.
      </p>
      <p className="mt-1 text-muted">
        It holds for every chain without a policy of its own.{' '}
        {policy.setBy && policy.setAt && (
          <>
            Set by {policy.setBy}, <Time at={policy.setAt} />.
          </>
        )}
      </p>
    </Card>
  );
}

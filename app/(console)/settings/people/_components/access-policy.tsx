'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { FormError } from '@/app/_components/ui/form';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import type { AccessPolicy } from '@/lib/schemas/second-factor';

/** Whether everybody has to have a second factor. */
export function AccessPolicyCard({
  policy,
  without,
}: {
  policy: AccessPolicy /** People who have none. */;
  without: number;
}) {
  const { requiresSecondFactor: isOn, changedBy, changedAt } = policy;
  const router = useRouter();
  const { busy, error, submit } = useSubmit();
  const turn = (requiresSecondFactor: boolean) =>
    submit(async () => {
      await api(null, '/api/v1/access-policy', { method: 'PUT', body: { requiresSecondFactor } });
      toast(requiresSecondFactor ? 'Everybody has to have a second factor' : 'A second factor is up to everybody', {
        undo: () => turn(!requiresSecondFactor),
      });
      router.refresh();
    });
  return (
    <Card title="Second factor for everybody">
      <div className="space-y-3">
        <p className="text-muted">
          {isOn
            ? 'Who signs in by a password and has no second factor sets one up before anything else.'
            : 'It is up to everybody whether they have a second factor.'}{' '}
          {without > 0 &&
            `${without === 1 ? 'One person who signs' : `${without} people who sign`} in by a password ${without === 1 ? 'has' : 'have'} none.`}
          {changedBy && changedAt && (
            <>
              {' '}
              Decided by {changedBy}, <Time at={changedAt} />.
            </>
          )}
        </p>
        <FormError error={error} />
        <Button disabled={busy} onClick={() => turn(!isOn)}>
          {isOn ? 'Require it no more' : 'Require it of everybody'}
        </Button>
      </div>
    </Card>
  );
}

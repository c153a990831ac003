'use client';
import { ActivityChart } from '@/app/_components/chart/activity-chart';
import { formatCompact, formatCount, formatNoun, formatUsd } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import type { Session } from '@/lib/schemas/sessions';
import { AmountChart } from './amount-chart';

/** Steps by decision, tokens and cost over the time of the session. */
export function OverTime({
  session: { overTime, stepSeconds, inputTokens, outputTokens, costUsd, untimed },
}: {
  session: Session;
}) {
  if (overTime.length < 2) return null;
  const tokens = inputTokens + outputTokens > 0;
  return (
    <Card
      title="Over time"
      aside={
        untimed > 0 && `without the ${formatNoun(untimed, 'step')} that ${untimed === 1 ? 'states' : 'state'} no time`
      }
    >
      <ActivityChart buckets={overTime} bucketSeconds={stepSeconds} height={132} />
      {(tokens || costUsd > 0) && (
        <div className="mt-4 grid gap-x-6 gap-y-4 border-t pt-4 lg:grid-cols-2">
          {tokens && (
            <AmountChart
              steps={overTime}
              stepSeconds={stepSeconds}
              what="Tokens"
              parts={[
                { key: 'inputTokens', word: 'in', tone: 'var(--color-d-local)', total: inputTokens },
                { key: 'outputTokens', word: 'out', tone: 'var(--color-d-transform)', total: outputTokens },
              ]}
              say={formatCount}
              sayBriefly={formatCompact}
            />
          )}
          {costUsd > 0 && (
            <AmountChart
              steps={overTime}
              stepSeconds={stepSeconds}
              what="Cost"
              parts={[{ key: 'costUsd', word: 'US dollars', tone: 'var(--color-muted)', total: costUsd }]}
              say={formatUsd}
              sayBriefly={(amount) => (amount < 1_000 ? formatUsd(amount) : `$${formatCompact(amount)}`)}
            />
          )}
        </div>
      )}
    </Card>
  );
}

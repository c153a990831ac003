'use client';
import { clsx } from 'clsx';
import { Link } from '../ui/link';
import { type ReactNode, useState } from 'react';
import type { Decision } from '@/lib/core/event/fields';
import type { Period } from '@/lib/schemas/common';
import type { Bucket } from '@/lib/schemas/reports';
import { eventsHref } from '../format/events-href';
import { formatCount } from '../format/number';
import { useZone } from '../time/zone';
import { DECISION_LOOK, DECISION_ORDER } from '../verdict/decisions';
import { ActivityBars, DAY_SECONDS } from './activity-bars';
import { ActivityTable } from './activity-table';
import { TableButton } from './parts';

type Props = {
  buckets: readonly Bucket[];
  bucketSeconds: number;
  height?: number;
  /** What stands before the names of the colours. */
  lead?: ReactNode;
  /** Of which the figures lead to their records. */
  period?: Period;
  /** What is marked with the pointer, half-open. */
  onZoom?: (from: string, to: string) => void;
};

/** Records by decision over time: stacked bars from zero, totals named directly, the same figures as a table. */
export function ActivityChart({ buckets, bucketSeconds, height = 220, lead, period, onZoom }: Props) {
  const pageZone = useZone();
  // whole days are cut in UTC: naming them in another zone would be wrong
  const zone = bucketSeconds >= DAY_SECONDS ? 'UTC' : pageZone;
  const [asTable, setAsTable] = useState(false);
  const totals = DECISION_ORDER.map((decision) => [decision, sum(buckets, decision)] as const).filter(
    ([, total]) => total > 0,
  );
  return (
    <figure className="min-w-0">
      <figcaption className={clsx('flex flex-wrap items-center gap-x-5 gap-y-1', lead === undefined ? 'mb-3' : 'mb-1')}>
        {lead}
        {totals.map(([decision, total]) => (
          <span key={decision} className="inline-flex items-center gap-1.5 text-xs">
            <span aria-hidden className="size-2.5 rounded-[2px]" style={{ background: DECISION_LOOK[decision].tone }} />
            {DECISION_LOOK[decision].word}{' '}
            <span className="font-medium tabular">
              {period ? (
                <Link className="link" href={eventsHref(period, { decision })}>
                  {formatCount(total)}
                </Link>
              ) : (
                formatCount(total)
              )}
            </span>
          </span>
        ))}
        <TableButton asTable={asTable} onChange={setAsTable} />
      </figcaption>
      {asTable ? (
        <ActivityTable buckets={buckets} decisions={totals.map(([decision]) => decision)} zone={zone} height={height} />
      ) : (
        <ActivityBars
          buckets={buckets}
          bucketSeconds={bucketSeconds}
          totals={totals}
          zone={zone}
          height={height}
          {...(onZoom && { onZoom })}
        />
      )}
    </figure>
  );
}

function sum(buckets: readonly Bucket[], decision: Decision): number {
  return buckets.reduce((all, { counts }) => all + (counts[decision] ?? 0), 0);
}

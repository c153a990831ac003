import { clsx } from 'clsx';
import type { Bucket } from '@/lib/schemas/reports';
import { formatInstant } from '../format/instant';
import { formatCount, formatNoun } from '../format/number';
import { DECISION_LOOK, DECISION_ORDER } from '../verdict/decisions';

const DAY_SECONDS = 86_400;

/** What the step under the pointer holds, on that side of it where there is more room. `left` is where it is, 0 to 1. */
export function BarTip({
  bucket,
  bucketSeconds,
  zone,
  left,
}: {
  bucket: Bucket;
  bucketSeconds: number;
  zone: string;
  left: number;
}) {
  const counts = DECISION_ORDER.flatMap((decision) =>
    bucket.counts[decision] ? [[decision, bucket.counts[decision]] as const] : [],
  );
  const total = counts.reduce((all, [, count]) => all + count, 0);
  const end = new Date(Date.parse(bucket.at) + bucketSeconds * 1000).toISOString();
  return (
    <div
      aria-hidden
      style={{ left: `${left * 100}%` }}
      className={clsx(
        'popup pointer-events-none absolute top-2 z-10 px-3 py-2 text-xs whitespace-nowrap text-ink',
        left > 0.5 ? '-translate-x-[calc(100%+0.75rem)]' : 'translate-x-3',
      )}
    >
      <p className="font-medium">
        {bucketSeconds >= DAY_SECONDS
          ? `${formatInstant(bucket.at, zone, 'day')} UTC`
          : `${formatInstant(bucket.at, zone, 'short')} – ${formatInstant(end, zone, 'clock')}`}
      </p>
      <p className="text-muted">{formatNoun(total, 'record')}</p>
      {counts.map(([decision, count]) => (
        <p key={decision} className="mt-0.5 flex items-center gap-1.5 tabular">
          <span className="size-2 rounded-[2px]" style={{ background: DECISION_LOOK[decision].tone }} />
          <span className="flex-1">{DECISION_LOOK[decision].word}</span>
          <span className="pl-4">{formatCount(count)}</span>
        </p>
      ))}
    </div>
  );
}

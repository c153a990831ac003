import type { Bucket } from '@/lib/schemas/reports';
import { formatInstant } from '../format/instant';
import { formatCount, formatNoun } from '../format/number';
import { DECISION_LOOK, DECISION_ORDER } from '../verdict/decisions';
import { ChartTip } from './parts';

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
    <ChartTip
      left={left}
      title={
        bucketSeconds >= DAY_SECONDS
          ? `${formatInstant(bucket.at, zone, 'day')} UTC`
          : `${formatInstant(bucket.at, zone, 'short')} – ${formatInstant(end, zone, 'clock')}`
      }
      lines={counts.map(([decision, count]) => ({
        key: decision,
        tone: DECISION_LOOK[decision].tone,
        word: DECISION_LOOK[decision].word,
        value: formatCount(count),
      }))}
    >
      <p className="text-muted">{formatNoun(total, 'record')}</p>
    </ChartTip>
  );
}

import { Link } from '@/app/_components/ui/link';
import { ActivityChart } from '@/app/_components/chart/activity-chart';
import { utcDay } from '@/app/_components/format/period';
import { formatDays } from '@/app/_components/format/span';
import { TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import type { Overview } from '@/lib/schemas/reports';

/** What happened in the period; when nothing did, where the records lie instead. */
export function Activity({
  period,
  recordedSpan,
  activity,
  bucketSeconds,
}: Pick<Overview, 'period' | 'recordedSpan' | 'activity' | 'bucketSeconds'>) {
  // As the axis below: days are cut in UTC, and shorter steps shown in the reader's zone.
  const inDays = bucketSeconds >= 86_400 && period.from.endsWith('T00:00:00Z') && period.to.endsWith('T00:00:00Z');
  const quiet = activity.every(({ counts }) => Object.keys(counts).length === 0);
  return (
    <div className="mt-4">
      <Card
        title="Records by decision"
        aside={inDays ? `${formatDays(period.from, period.to)}, UTC` : <TimeSpan from={period.from} to={period.to} />}
      >
        {quiet ? (
          <div className="grid h-60 place-items-center text-center text-muted">
            <div>
              <p>No record states a time in this period.</p>
              {recordedSpan && (
                <p className="mt-1">
                  What is stored was recorded <TimeSpan from={recordedSpan.from} to={recordedSpan.to} />.{' '}
                  <Link className="link" href={`/?from=${utcDay(recordedSpan.from)}&to=${utcDay(recordedSpan.to)}`}>
                    Show that time
                  </Link>
                </p>
              )}
            </div>
          </div>
        ) : (
          <ActivityChart buckets={activity} bucketSeconds={bucketSeconds} period={period} />
        )}
      </Card>
    </div>
  );
}

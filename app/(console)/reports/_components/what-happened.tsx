import { ActivityChart } from '@/app/_components/chart/activity-chart';
import { formatCount, formatShare } from '@/app/_components/format/number';
import type { ReportFigures } from '@/lib/schemas/reports';
import { Prose } from './section';

export function WhatHappened({ report }: { report: ReportFigures }) {
  const { activity, bucketSeconds, summary } = report;
  if (summary.records === 0) return <Prose>Nothing was recorded in this period.</Prose>;
  return (
    <>
      <Prose>
        Of {formatCount(summary.records)} records, {formatCount(summary.denied)} (
        {formatShare(summary.denied, summary.records)}) are refusals. The bars count records by the guardrail’s
        decision.
      </Prose>
      <div className="card p-4 text-sm">
        <ActivityChart buckets={activity} bucketSeconds={bucketSeconds} height={240} />
      </div>
    </>
  );
}

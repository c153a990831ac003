import { formatDuration } from '@/app/_components/format/duration';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import type { TriageTimes } from '@/lib/schemas/triage';

/** How long findings of the last 30 days waited. */
export function Waited({ times: { found, acknowledged, decided } }: { times: TriageTimes }) {
  if (found === 0) return <span />;
  return (
    <p className="text-muted tabular">
      Of {formatNoun(found, 'finding')} in the last 30 days, {formatCount(acknowledged.findings)} taken up
      {spent(acknowledged)}, {formatCount(decided.findings)} resolved or closed{spent(decided)}.
    </p>
  );
}

function spent({ meanSeconds, medianSeconds }: TriageTimes['decided']): string {
  if (meanSeconds === null || medianSeconds === null) return '';
  return ` after ${formatDuration(medianSeconds * 1000)} (median; mean ${formatDuration(meanSeconds * 1000)})`;
}

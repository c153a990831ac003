import type { Decision } from '@/lib/core/event/fields';
import type { Bucket } from '@/lib/schemas/reports';
import { formatInstant } from '../format/instant';
import { formatCount } from '../format/number';
import { DECISION_LOOK } from '../verdict/decisions';

/** The figures behind the chart; stretches without records are left out. */
export function ActivityTable({
  buckets,
  decisions,
  zone,
  height,
}: {
  buckets: readonly Bucket[];
  decisions: readonly Decision[];
  zone: string;
  height: number;
}) {
  const rows = buckets.filter(({ counts }) => Object.keys(counts).length > 0);
  return (
    <div
      className="overflow-auto rounded-md border"
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label="Records by decision, as a table"
    >
      <table className="w-full text-left text-xs">
        <thead className="sticky top-0 bg-surface">
          <tr>
            <th scope="col" className="h-8 px-3 font-medium text-faint">
              From
            </th>
            {decisions.map((decision) => (
              <th key={decision} scope="col" className="px-3 text-right font-medium text-faint">
                {DECISION_LOOK[decision].word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, counts }) => (
            <tr key={at} className="border-t">
              <th scope="row" className="h-7 px-3 font-normal whitespace-nowrap">
                {formatInstant(at, zone)}
              </th>
              {decisions.map((decision) => (
                <td key={decision} className="px-3 text-right">
                  {formatCount(counts[decision] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

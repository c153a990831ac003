import { Link } from '@/app/_components/ui/link';
import { StackedBar } from '@/app/_components/chart/stacked-bar';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatCount } from '@/app/_components/format/number';
import { DECISION_LOOK, DECISION_ORDER } from '@/app/_components/verdict/decisions';
import type { Period } from '@/lib/schemas/common';
import type { Report } from '@/lib/schemas/reports';
import { Prose } from './section';

/** The most used tools, each as a bar by decision with its figures beside it. */
export function Tools({ tools, period }: { tools: Report['topTools']; period: Period }) {
  const most = tools[0]?.total ?? 0;
  if (most === 0) return <Prose>No record of this period names a tool.</Prose>;
  const decisions = DECISION_ORDER.filter((decision) => tools.some(({ counts }) => counts[decision]));
  return (
    <div role="region" aria-label="Tools" tabIndex={0} className="overflow-x-auto text-sm">
      <table className="w-full" aria-label="Records by tool and decision">
        <thead>
          <tr className="text-xs text-faint">
            <th scope="col" className="h-8 pr-3 text-left font-medium">
              Tool
            </th>
            <th scope="col" className="w-1/2 text-left font-medium max-sm:hidden">
              Records
            </th>
            {decisions.map((decision) => (
              <th key={decision} scope="col" className="pl-4 text-right font-medium whitespace-nowrap">
                <span
                  aria-hidden
                  className="mr-1.5 inline-block size-2 rounded-[2px]"
                  style={{ background: DECISION_LOOK[decision].tone }}
                />
                {DECISION_LOOK[decision].word}
              </th>
            ))}
            <th scope="col" className="pl-4 text-right font-medium">
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {tools.map(({ tool, counts, total }) => (
            <tr key={tool} className="border-t">
              <th scope="row" className="h-8 pr-3 text-left font-normal whitespace-nowrap">
                <Link className="link" href={eventsHref(period, { tool })}>
                  {tool}
                </Link>
              </th>
              <td className="max-sm:hidden">
                <StackedBar
                  of={most}
                  parts={DECISION_ORDER.map((decision) => ({
                    key: decision,
                    value: counts[decision] ?? 0,
                    tone: DECISION_LOOK[decision].tone,
                  }))}
                />
              </td>
              {decisions.map((decision) => (
                <td key={decision} className="pl-4 text-right text-muted">
                  {formatCount(counts[decision] ?? 0)}
                </td>
              ))}
              <td className="pl-4 text-right font-medium">{formatCount(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

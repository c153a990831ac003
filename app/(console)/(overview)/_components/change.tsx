import { Link } from '@/app/_components/ui/link';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatCountedShort } from '@/app/_components/format/counted';
import { formatChange, formatCount } from '@/app/_components/format/number';
import { formatDays } from '@/app/_components/format/span';
import { Card } from '@/app/_components/ui/card';
import type { Period } from '@/lib/schemas/common';
import { MOST_COUNTED } from '@/lib/schemas/most-counted';
import type { Overview } from '@/lib/schemas/reports';

const ROWS = [
  ['records', 'Records', (period: Period) => eventsHref(period)],
  ['denied', 'Denied', (period: Period) => eventsHref(period, { decision: 'deny' })],
  ['findings', 'Findings', ({ from, to }: Period) => `/findings?${new URLSearchParams({ from, to })}`],
] as const;

/** The period against as long a time before it. Every figure leads to what it counts. */
export function Change({ change, period }: Pick<Overview, 'change' | 'period'>) {
  return (
    <Card title="Against the period before" aside={formatDays(change.before.from, change.before.to)} flush>
      <table className="w-full" aria-label="This period against the one before">
        <thead className="sr-only">
          <tr>
            <th>Figure</th>
            <th>This period</th>
            <th>Change</th>
            <th>Period before</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([key, label, href]) => {
            const [now, before] = change[key];
            const say = key === 'findings' ? formatCountedShort : formatCount;
            // Of more than are counted nothing is known of how many more they are.
            const isKnown = key !== 'findings' || Math.max(now, before) < MOST_COUNTED;
            return (
              <tr key={key} className="border-b last:border-b-0">
                <th scope="row" className="h-[34px] pl-4 text-left font-normal text-muted">
                  {label}
                </th>
                <td className="text-right font-medium">
                  <Link className="link" href={href(period)}>
                    {say(now)}
                  </Link>
                </td>
                <td className="pl-3 text-right text-xs text-muted">
                  {isKnown && (formatChange(now, before) ?? (now === before ? '' : 'new'))}
                </td>
                <td className="pr-4 pl-3 text-right text-xs whitespace-nowrap text-faint">
                  from{' '}
                  <Link className="link" href={href(change.before)}>
                    {say(before)}
                  </Link>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

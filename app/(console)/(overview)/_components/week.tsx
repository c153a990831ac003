import Link from 'next/link';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatChange, formatCount } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import type { Overview } from '@/lib/schemas/reports';

const ROWS = [
  ['records', 'Records'],
  ['denied', 'Denied'],
  ['findings', 'Findings'],
] as const;

const WEEK_MS = 7 * 86_400_000;

/** The seven days to the end of the period against the seven before. Figures of records lead to them. */
export function Week({ week, to }: { week: Overview['week'] /** End of the period. */; to: string }) {
  const span = { from: new Date(Date.parse(to) - WEEK_MS).toISOString(), to };
  const hrefs = { records: eventsHref(span), denied: eventsHref(span, { decision: 'deny' }), findings: '/findings' };
  return (
    <Card title="Since last week" flush>
      <table className="w-full" aria-label="This week against the week before">
        <thead className="sr-only">
          <tr>
            <th>Figure</th>
            <th>This week</th>
            <th>Change</th>
            <th>Week before</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([key, label]) => {
            const [now, before] = week[key];
            return (
              <tr key={key} className="border-b last:border-b-0">
                <th scope="row" className="h-[34px] pl-4 text-left font-normal text-muted">
                  {label}
                </th>
                <td className="text-right font-medium">
                  <Link className="link" href={hrefs[key]}>
                    {formatCount(now)}
                  </Link>
                </td>
                <td className="pl-3 text-right text-xs text-muted">{formatChange(now, before) ?? 'new'}</td>
                <td className="pr-4 pl-3 text-right text-xs whitespace-nowrap text-faint">
                  from {formatCount(before)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

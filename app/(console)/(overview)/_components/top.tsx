import { Link } from '@/app/_components/ui/link';
import { eventsHref } from '@/app/_components/format/events-href';
import { formatCount } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import type { Overview } from '@/lib/schemas/reports';

const LISTS = [
  ['agents', 'Agents', 'agent', {}],
  ['tools', 'Tools', 'tool', {}],
  ['deniedTargets', 'Refused most', 'target', { decision: 'deny' }],
] as const;

/** Who did most, with what, and what was refused most; each leads to its records. */
export function Top({ top, period }: Pick<Overview, 'top' | 'period'>) {
  return (
    <div className="mt-4 grid items-start gap-4 md:grid-cols-3">
      {LISTS.map(([key, title, field, also]) => (
        <Card key={key} title={title} flush>
          {top[key].length === 0 ? (
            <p className="px-4 py-4 text-muted">None in this period.</p>
          ) : (
            <ol>
              {top[key].map(({ value, count }) => (
                <li key={value} className="flex h-[34px] items-center gap-3 border-b px-4 last:border-b-0">
                  <span className="min-w-0 flex-1 truncate" title={value}>
                    {value}
                  </span>
                  <Link
                    className="link font-medium tabular"
                    href={eventsHref(period, { ...also, [field]: value })}
                    aria-label={`${formatCount(count)} records of ${value}`}
                  >
                    {formatCount(count)}
                  </Link>
                </li>
              ))}
            </ol>
          )}
        </Card>
      ))}
    </div>
  );
}

import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import { formatCountedNoun } from '@/app/_components/format/counted';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import type { FindingSort } from '@/lib/schemas/findings';

const ORDERS = [
  { sort: '-window', label: 'Newest' },
  { sort: 'level', label: 'Worst' },
  { sort: '-records', label: 'Most records' },
] as const satisfies readonly { sort: FindingSort; label: string }[];

/** How many of how many findings are listed, and in which order they can be. */
export function QueueHead({
  shown,
  total,
  sort,
  hrefOf,
}: {
  shown: number;
  /** As far as they are counted. */
  total: number;
  sort: FindingSort;
  /** The list in another order, from its first page on. */
  hrefOf: (sort: FindingSort) => string;
}) {
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-3 border-b px-4 text-xs text-muted tabular">
      <span>
        {shown === total
          ? formatNoun(total, 'finding')
          : `${formatCount(shown)} of ${formatCountedNoun(total, 'finding')}`}
      </span>
      <nav aria-label="Order of the findings">
        <ul className="flex gap-3">
          {ORDERS.map(({ sort: order, label }) => (
            <li key={order}>
              <Link
                href={hrefOf(order)}
                scroll={false}
                aria-current={order === sort ? 'true' : undefined}
                className={clsx(
                  'inline-flex min-h-6 items-center',
                  order === sort ? 'font-medium text-ink underline underline-offset-4' : 'hover:text-ink',
                )}
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

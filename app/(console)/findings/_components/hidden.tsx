import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import type { FindingStatus } from '@/lib/schemas/triage';

/** The queue, or what suppressions hide of it; and the suppressions. */
export function Hidden({
  status,
  filter,
}: {
  status: FindingStatus;
  /** What the list is narrowed by, as its address says it. */
  filter: URLSearchParams;
}) {
  const isShown = filter.has('suppressed') || filter.has('suppression');
  const query = new URLSearchParams([['status', status], ...filter]);
  query.delete('suppressed');
  query.delete('suppression');
  if (!isShown) query.set('suppressed', 'only');
  return (
    <nav aria-label="Suppressed findings" className="no-print">
      <ul className="flex gap-1">
        <li>
          <Link
            href={`/findings?${query}`}
            aria-current={isShown ? 'true' : undefined}
            className={clsx(
              'flex min-h-6 items-center px-2',
              isShown ? 'font-medium text-ink underline underline-offset-4' : 'text-muted hover:text-ink',
            )}
          >
            Suppressed
          </Link>
        </li>
        <li>
          <Link href="/findings/suppressions" className="flex min-h-6 items-center px-2 text-muted hover:text-ink">
            Suppressions
          </Link>
        </li>
      </ul>
    </nav>
  );
}

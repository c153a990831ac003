import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import type { FindingStatus } from '@/lib/schemas/triage';

/** Findings of anybody, of the person who looks, or of nobody. */
export function Whose({
  personId,
  status,
  filter,
}: {
  personId: string;
  status: FindingStatus;
  /** What the list is narrowed by, as its address says it. */
  filter: URLSearchParams;
}) {
  const current = filter.get('assignee');
  return (
    <nav aria-label="Findings by assignee" className="no-print">
      <ul className="flex gap-1">
        {(
          [
            [null, 'Anybody’s'],
            [personId, 'Mine'],
            ['none', 'Nobody’s'],
          ] as const
        ).map(([whose, word]) => {
          const query = new URLSearchParams([['status', status], ...filter]);
          query.delete('assignee');
          if (whose) query.set('assignee', whose);
          return (
            <li key={word}>
              <Link
                href={`/findings?${query}`}
                aria-current={whose === current ? 'true' : undefined}
                className={clsx(
                  'flex min-h-6 items-center px-2',
                  whose === current ? 'font-medium text-ink underline underline-offset-4' : 'text-muted hover:text-ink',
                )}
              >
                {word}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

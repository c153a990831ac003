import { Published } from '@/app/_components/access/published';
import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import { formatCount } from '@/app/_components/format/number';

const VIEWS = [
  { id: 'signed', label: 'Signed' },
  { id: 'waiting', label: 'Waiting' },
  { id: 'packages', label: 'Packages' },
] as const;
export type View = (typeof VIEWS)[number]['id'];

export function viewOf(value: string | undefined): View {
  return VIEWS.find(({ id }) => id === value)?.id ?? 'signed';
}

export function ViewTabs({ current, waiting }: { current: View; waiting: number }) {
  return (
    <nav aria-label="Views of attestations" className="no-print mb-4 overflow-x-auto border-b">
      <ul className="flex gap-1">
        {VIEWS.map(({ id, label }) => (
          <li key={id}>
            <Link
              href={`/attestations?view=${id}`}
              aria-current={id === current ? 'page' : undefined}
              className={clsx(
                '-mb-px flex h-9 items-center gap-1.5 border-b-2 px-3 whitespace-nowrap',
                id === current ? 'border-ink font-medium' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {label}
              {id === 'waiting' && waiting > 0 && (
                <span className="text-xs text-faint tabular">{formatCount(waiting)}</span>
              )}
            </Link>
          </li>
        ))}
        <li className="ml-auto">
          <Published path="/trust" className="flex h-9 items-center px-3 whitespace-nowrap text-muted hover:text-ink">
            Trust
          </Published>
        </li>
      </ul>
    </nav>
  );
}

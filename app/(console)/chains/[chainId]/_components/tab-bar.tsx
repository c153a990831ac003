import { clsx } from 'clsx';
import { Link } from '@/app/_components/ui/link';
import { formatCount } from '@/app/_components/format/number';
import { ScrollToCurrent } from '@/app/_components/ui/scroll-to-current';
import type { ChainDetail } from '@/lib/schemas/chains';

export const TABS = [
  { id: 'records', label: 'Records' },
  { id: 'problems', label: 'Problems' },
  { id: 'segments', label: 'Segments' },
  { id: 'attestations', label: 'Attestations' },
  { id: 'sidecars', label: 'Sidecar files' },
  { id: 'heads', label: 'Heads' },
  { id: 'connect', label: 'Connect' },
] as const;
export type ChainTab = (typeof TABS)[number]['id'];

/** The chain's views; each has its own address. */
export function TabBar({
  chain,
  current,
  heads,
  sidecars,
}: {
  chain: ChainDetail;
  current: ChainTab;
  heads: number;
  /** Sidecar files; null where its tool writes none. */
  sidecars: number | null;
}) {
  const counts: Partial<Record<ChainTab, number>> = {
    records: chain.records,
    problems: chain.problemsTotal,
    segments: chain.segments,
    heads,
    ...(sidecars !== null && { sidecars }),
  };
  return (
    <nav aria-label="Views of the chain" className="no-print mb-2 overflow-x-auto border-b">
      <ScrollToCurrent key={current} />
      <ul className="flex gap-1">
        {TABS.filter(({ id }) => id !== 'sidecars' || sidecars !== null).map(({ id, label }) => (
          <li key={id}>
            <Link
              href={`/chains/${chain.id}?tab=${id}`}
              scroll={false}
              aria-current={id === current ? 'page' : undefined}
              className={clsx(
                '-mb-px flex h-9 items-center gap-1.5 border-b-2 px-3 whitespace-nowrap',
                id === current ? 'border-ink font-medium' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {label}
              {counts[id] !== undefined && (
                <span className="text-xs text-faint tabular">{formatCount(counts[id])}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

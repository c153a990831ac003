import { clsx } from 'clsx';
import { Patience } from './patience';

/** Holds a place of known size while its content is on the way. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={clsx('skeleton', className)} />;
}

/** The title block every page starts with. */
export function HeadSkeleton() {
  return (
    <div className="mb-5" role="status" aria-label="Loading">
      <Skeleton className="h-6.5 w-56" />
      <Skeleton className="mt-2 h-4 w-80 max-w-full" />
      <Patience />
    </div>
  );
}

/** A card with `rows` rows of a table. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div aria-hidden className="card">
      <div className="h-8 border-b" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-[34px] items-center gap-4 border-b px-4 last:border-b-0">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-3.5 w-24" />
          <Skeleton className="ml-auto h-3.5 w-32" />
        </div>
      ))}
    </div>
  );
}

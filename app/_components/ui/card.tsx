import { clsx } from 'clsx';
import { type ReactNode, useId } from 'react';
import { formatCount } from '../format/number';

/** A titled region of a page. `aside` stands at the right of the title: a figure, a link, a control. */
export function Card({
  title,
  total,
  aside,
  children,
  className,
  flush = false,
}: {
  title: ReactNode;
  /** How many there are of what it lists. */
  total?: number;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx('card min-w-0', className)}>
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-1.5">
        <div className="flex items-baseline gap-2">
          <h2 id={id} className="font-medium">
            {title}
          </h2>
          {total !== undefined && total > 0 && <span className="text-xs text-faint tabular">{formatCount(total)}</span>}
        </div>
        {aside && <div className="flex items-center gap-2 text-xs text-muted">{aside}</div>}
      </header>
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  );
}

import { clsx } from 'clsx';
import { type ReactNode, useId } from 'react';

/** A titled region of a page. `aside` stands at the right of the title: a figure, a link, a control. */
export function Card({
  title,
  aside,
  children,
  className,
  flush = false,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx('card min-w-0', className)}>
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-1.5">
        <h2 id={id} className="font-medium">
          {title}
        </h2>
        {aside && <div className="flex items-center gap-2 text-xs text-muted">{aside}</div>}
      </header>
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  );
}

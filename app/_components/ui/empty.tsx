import type { ReactNode } from 'react';

/** What this place will hold, and how to fill it. */
export function Empty({
  icon,
  title,
  children,
  actions,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-[56ch] flex-col items-center px-4 py-12 text-center">
      <div aria-hidden className="mb-3 grid size-10 place-items-center rounded-md border bg-paper text-faint">
        {icon}
      </div>
      <h2 className="text-base font-medium">{title}</h2>
      <div className="mt-1 w-full text-muted [&_code]:rounded-md [&_code]:bg-sunken [&_code]:px-1 [&_code]:font-mono [&_code]:text-xs">
        {children}
      </div>
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

import type { ReactNode } from 'react';

/** Name of the page, what it holds in one line, and what can be done. */
export function PageHead({
  title,
  lead,
  actions,
  above,
}: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
}) {
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-80">
        {above}
        <h1 className="text-xl font-semibold tracking-[-0.012em] [overflow-wrap:anywhere]">{title}</h1>
        {lead && <div className="mt-1 max-w-[104ch] text-base text-pretty text-muted">{lead}</div>}
      </div>
      {actions && <div className="no-print flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

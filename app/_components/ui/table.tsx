import { clsx } from 'clsx';
import type { ComponentProps } from 'react';

/**
 * A table with 34 px rows; below 40rem each row is a card and each cell stands under its `label`.
 * Roles are spelled out because `display: block` would take them away.
 */
export function Table({ className, label, ...props }: ComponentProps<'table'> & { label: string }) {
  return (
    <div className="overflow-x-auto">
      <table
        role="table"
        aria-label={label}
        className={clsx('table-cards w-full border-collapse text-left', className)}
        {...props}
      />
    </div>
  );
}

export function Head({ children }: ComponentProps<'thead'>) {
  return (
    <thead role="rowgroup">
      <tr role="row" className="border-b">
        {children}
      </tr>
    </thead>
  );
}

export function HeadCell({ className, numeric, ...props }: ComponentProps<'th'> & { numeric?: boolean }) {
  return (
    <th
      role="columnheader"
      scope="col"
      className={clsx(
        'h-8 px-3 text-xs font-medium whitespace-nowrap text-faint first:pl-4 last:pr-4',
        numeric && 'text-right',
        className,
      )}
      {...props}
    />
  );
}

/** A column whose cells say by themselves what they are. */
export function HiddenHeadCell({ children }: { children: string }) {
  return (
    <HeadCell>
      <span className="sr-only">{children}</span>
    </HeadCell>
  );
}

export { Rows as Body } from '../list/rows';

export function Row({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      role="row"
      className={clsx('border-b last:border-b-0 hover:bg-hover has-[[data-row-link]]:cursor-pointer', className)}
      {...props}
    />
  );
}

export function Cell({
  className,
  label,
  numeric,
  children,
  ...props
}: ComponentProps<'td'> & { label?: string; numeric?: boolean }) {
  return (
    <td
      role="cell"
      data-label={label}
      className={clsx('h-[34px] px-3 py-1 first:pl-4 last:pr-4', numeric && 'text-right tabular', className)}
      {...props}
    >
      {/* beside its label a card shows it as one thing */}
      {label === undefined ? children : <div className="cell-content">{children}</div>}
    </td>
  );
}

export function RowHead({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      role="rowheader"
      scope="row"
      className={clsx('h-[34px] px-3 py-1 font-normal first:pl-4 last:pr-4', className)}
      {...props}
    />
  );
}

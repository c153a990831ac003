import type { ReactNode } from 'react';
import { ExportCsv } from '@/app/_components/ui/export-csv';

/** What stands over a table of the chain: what it lists, and the way to have all of it as CSV. */
export function TableTop({
  chainId,
  table,
  rows,
  children,
}: {
  chainId: string;
  table: 'heads' | 'segments' | 'uploads';
  /** Of the whole table. */
  rows: number;
  children: ReactNode;
}) {
  return (
    <div className="mb-2 flex items-center justify-between gap-3 text-xs text-muted">
      {children}
      <ExportCsv href={`/api/v1/chains/${chainId}/tables/${table}.csv`} rows={rows} />
    </div>
  );
}

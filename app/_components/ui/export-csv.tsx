'use client';
import { Download } from 'lucide-react';
import { toCsv } from '../format/csv';
import { saveCsv } from './save-csv';
import { Button } from './button';

/** Saves what the table shows. */
export function ExportCsv({ name, rows }: { name: string; rows: readonly (readonly (string | number | null)[])[] }) {
  return (
    <Button
      look="ghost"
      size="sm"
      className="no-print"
      onClick={() => saveCsv(name, [toCsv(rows)])}
    >
      <Download size={14} aria-hidden />
      CSV
    </Button>
  );
}

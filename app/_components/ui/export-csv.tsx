'use client';
import { Download } from 'lucide-react';
import { toCsv } from '../format/csv';
import { Button } from './button';

/** Saves what the table shows. */
export function ExportCsv({ name, rows }: { name: string; rows: readonly (readonly (string | number | null)[])[] }) {
  return (
    <Button
      look="ghost"
      size="sm"
      className="no-print"
      onClick={() => {
        const url = URL.createObjectURL(new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
        const anchor = document.createElement('a');
        anchor.href = url;
        anchor.download = `${name}.csv`;
        anchor.click();
        // Safari reads the blob after the click returns
        setTimeout(() => URL.revokeObjectURL(url), 10_000);
      }}
    >
      <Download size={14} aria-hidden />
      CSV
    </Button>
  );
}

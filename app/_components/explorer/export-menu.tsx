'use client';
import { Braces, ChevronDown, Download, FileSpreadsheet, Table2 } from 'lucide-react';
import { formatNoun } from '@/app/_components/format/number';
import { buttonClass } from '@/app/_components/ui/button';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import { type Asked, eventsPath } from './asked';

/** Saves everything that is found, oldest first or in the order of its chain; the browser shows how far it is and can end it. */
export function ExportMenu({
  asked,
  found,
}: {
  asked: Asked;
  /** Null until it is counted. */
  found: number | null;
}) {
  const { run: _, ...everything } = asked;
  const file = (end: 'csv' | 'ndjson' | 'parquet') => <a href={eventsPath(`.${end}`, everything)} download />;
  return (
    <Menu
      trigger={
        <button type="button" className={buttonClass('plain')}>
          <Download size={14} aria-hidden className="text-faint" />
          Export
          <ChevronDown size={12} aria-hidden className="text-faint" />
        </button>
      }
    >
      {found !== null && <p className="px-2 pt-1.5 pb-1 text-xs text-faint">{formatNoun(found, 'record')}</p>}
      <MenuItem icon={<Table2 size={14} />} render={file('csv')}>
        Fields, as CSV
      </MenuItem>
      <MenuItem icon={<Braces size={14} />} render={file('ndjson')}>
        Lines as they were written, NDJSON
      </MenuItem>
      <MenuItem icon={<FileSpreadsheet size={14} />} render={file('parquet')}>
        Fields, as Parquet
      </MenuItem>
    </Menu>
  );
}

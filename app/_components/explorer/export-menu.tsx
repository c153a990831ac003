'use client';
import { Braces, ChevronDown, Download, FileSpreadsheet, Table2 } from 'lucide-react';
import { buttonClass } from '@/app/_components/ui/button';
import { Menu, MenuItem } from '@/app/_components/ui/menu';
import { type Asked, eventsPath } from './asked';

/** Saves everything that is found, oldest first. */
export function ExportMenu({ asked }: { asked: Asked }) {
  const file = (end: 'csv' | 'ndjson' | 'parquet') => <a href={eventsPath(`.${end}`, asked)} download />;
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

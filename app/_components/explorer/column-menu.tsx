'use client';
import { Columns3 } from 'lucide-react';
import { lazy } from 'react';
import { buttonClass } from '@/app/_components/ui/button';
import { Popover } from '@/app/_components/ui/popover';
import type { Columns } from './use-columns';

const ColumnList = lazy(() => import('./column-list').then((loaded) => ({ default: loaded.ColumnList })));

/** Which columns there are, and in what order. */
export function ColumnMenu(columns: Columns) {
  return (
    <Popover
      title="Columns"
      align="end"
      className="flex max-h-[min(32rem,80dvh)] w-72 flex-col"
      trigger={
        <button type="button" className={`${buttonClass('ghost', 'sm')} max-sm:hidden`}>
          <Columns3 size={14} aria-hidden />
          Columns
        </button>
      }
    >
      <ColumnList {...columns} />
    </Popover>
  );
}

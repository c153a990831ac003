'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { EventItem } from '@/app/_components/explorer/asked';
import { ColumnMenu } from '@/app/_components/explorer/column-menu';
import { TableFoot } from '@/app/_components/explorer/explorer-frame';
import { FoundOrFailed } from '@/app/_components/explorer/not-found';
import type { Order } from '@/app/_components/explorer/order';
import { RecordTable } from '@/app/_components/explorer/record-table';
import type { Columns } from '@/app/_components/explorer/use-columns';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import type { ChainDetail } from '@/lib/schemas/chains';
import { useWindowed } from './use-windowed';

/** Browsers cap how tall a page can be: rows shown at once, the rest a step away. */
const STRETCH = 400_000;

type Props = {
  chain: ChainDetail;
  columns: Columns;
  order: Order;
  /** Ordinal to scroll to. */
  at: number | null;
  chosen: string | null;
  onOpen: (ordinal: number) => void;
};

/** The whole chain by ordinal, wherever in it. */
export function EveryRecord({ chain, columns, order, at, chosen, onOpen }: Props) {
  const [base, setBase] = useState(() => stretchOf(at ?? 0));
  const [followed, setFollowed] = useState(at);
  if (at !== followed) {
    setFollowed(at);
    if (at !== null) setBase(stretchOf(at));
  }
  const { id, name, progress, records } = chain;
  const shown = useMemo(() => ({ id, name, loaded: progress.loaded }), [id, name, progress.loaded]);
  const count = Math.max(0, Math.min(STRETCH, records - base));
  const rows = useWindowed(shown, base, count);
  const openRow = useCallback(({ ordinal }: EventItem) => onOpen(ordinal), [onOpen]);
  const waiting = records - progress.loaded;
  return (
    <>
      <RecordTable
        label="Records"
        rows={rows}
        columns={columns.columns}
        order={order}
        onColumns={columns.change}
        scrollTo={at === null ? null : at - base}
        chosen={chosen}
        onOpen={openRow}
        nothing={null}
      />
      <TableFoot tools={<ColumnMenu {...columns} />}>
        <FoundOrFailed of={rows}>
          {waiting > 0 ? `${formatNoun(waiting, 'record')} still being made searchable` : formatNoun(records, 'record')}
        </FoundOrFailed>
        {records > STRETCH && (
          <span className="flex items-center gap-1">
            <Button look="ghost" size="sm" disabled={base === 0} onClick={() => setBase(base - STRETCH)}>
              <ChevronLeft size={14} aria-hidden /> Earlier
            </Button>
            {formatCount(base)} – {formatCount(base + count - 1)}
            <Button look="ghost" size="sm" disabled={base + count >= records} onClick={() => setBase(base + STRETCH)}>
              Later <ChevronRight size={14} aria-hidden />
            </Button>
          </span>
        )}
      </TableFoot>
    </>
  );
}

function stretchOf(ordinal: number): number {
  return Math.floor(ordinal / STRETCH) * STRETCH;
}

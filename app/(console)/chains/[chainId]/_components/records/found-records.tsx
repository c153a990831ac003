'use client';
import { useCallback } from 'react';
import type { EventItem } from '@/app/_components/explorer/asked';
import { ColumnMenu } from '@/app/_components/explorer/column-menu';
import { TableFoot } from '@/app/_components/explorer/explorer-frame';
import { FoundOrFailed, NothingFound } from '@/app/_components/explorer/not-found';
import { type Order, orderWords } from '@/app/_components/explorer/order';
import { RecordTable } from '@/app/_components/explorer/record-table';
import type { Columns } from '@/app/_components/explorer/use-columns';
import type { Pages } from '@/app/_components/explorer/use-pages';
import { formatCount, formatNoun } from '@/app/_components/format/number';

type Props = {
  found: Pages;
  /** Of the chain. */
  records: number;
  columns: Columns;
  order: Order;
  chosen: string | null;
  onOpen: (ordinal: number) => void;
};

/** The records of a chain that a search finds, or all of them in another order than its own. */
export function FoundRecords({ found, records, columns, order, chosen, onOpen }: Props) {
  const openRow = useCallback(({ ordinal }: EventItem) => onOpen(ordinal), [onOpen]);
  const inOrder = order.sort === 'ordinal' ? '' : `, ${orderWords(order.sort)}`;
  return (
    <>
      <RecordTable
        label="Records"
        rows={found}
        columns={columns.columns}
        order={order}
        onColumns={columns.change}
        chosen={chosen}
        onOpen={openRow}
        nothing={
          <NothingFound of={found}>
            {`None of the ${formatNoun(records, 'record')} of this chain has all of this. Take away a part of the search, or choose the whole chain. Records that state no time are in no period.`}
          </NothingFound>
        }
      />
      <TableFoot tools={<ColumnMenu {...columns} />}>
        <FoundOrFailed of={found}>
          {found.hasMore
            ? `${formatNoun(found.count, 'record')} shown${inOrder}, more below`
            : `${formatCount(found.count)} of ${formatNoun(records, 'record')} found${inOrder}`}
        </FoundOrFailed>
      </TableFoot>
    </>
  );
}

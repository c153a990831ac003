'use client';
import { ScrollText } from 'lucide-react';
import { useCallback } from 'react';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import type { EventItem } from '@/app/_components/explorer/asked';
import { ColumnMenu } from '@/app/_components/explorer/column-menu';
import { TableFoot } from '@/app/_components/explorer/explorer-frame';
import { RecordTable } from '@/app/_components/explorer/record-table';
import type { Columns } from '@/app/_components/explorer/use-columns';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Empty } from '@/app/_components/ui/empty';
import type { InOrder } from './use-in-order';

type Props = {
  found: InOrder;
  /** Of the chain. */
  records: number;
  columns: Columns;
  chosen: string | null;
  onOpen: (ordinal: number) => void;
};

/** The records of a chain that a search finds, in their order in it. */
export function FoundRecords({ found, records, columns, chosen, onOpen }: Props) {
  const openRow = useCallback(({ ordinal }: EventItem) => onOpen(ordinal), [onOpen]);
  return (
    <>
      <RecordTable
        label="Records"
        rows={found}
        columns={columns.columns}
        onColumns={columns.change}
        chosen={chosen}
        onOpen={openRow}
        nothing={
          <Empty
            icon={<ScrollText size={20} />}
            title={found.state === 'failed' ? 'Nothing could be looked for' : 'No record is found'}
          >
            {found.state === 'failed'
              ? 'The search above says why.'
              : `None of the ${formatNoun(records, 'record')} of this chain has all of this. Take away a part of the search, or choose the whole chain. Records that state no time are in no period.`}
          </Empty>
        }
      />
      <TableFoot tools={<ColumnMenu {...columns} />}>
        <Said found={found} records={records} />
      </TableFoot>
    </>
  );
}

/** What is wrong with the search is said where it is written. */
function Said({ found: { state, error, count, hasMore, retry }, records }: Pick<Props, 'found' | 'records'>) {
  if (state === 'failed' && !(error instanceof RequestError && error.status === 400))
    return (
      <span className="text-v-tampered">
        Records could not be read. {sayError(error)}{' '}
        <button type="button" className="link" onClick={retry}>
          Try again
        </button>
      </span>
    );
  if (state === 'loading') return 'Looking…';
  return hasMore
    ? `${formatNoun(count, 'record')} shown, more below`
    : `${formatCount(count)} of ${formatNoun(records, 'record')} found`;
}

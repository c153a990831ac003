'use client';
import { clsx } from 'clsx';
import { memo } from 'react';
import { shortenHash } from '@/app/_components/format/hash';
import { formatCount } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { IntegrityMark } from '@/app/_components/verdict/integrity-mark';
import type { ChainRecord } from '@/lib/schemas/chains';

/** Shared by the head and every row; on a narrow screen a row is a card of two lines. */
export const COLUMNS =
  'grid gap-x-3 px-4 sm:grid-cols-[1rem_4rem_9.5rem_6rem_minmax(6rem,9rem)_minmax(0,1fr)] lg:grid-cols-[1rem_4.5rem_9.5rem_6rem_minmax(6rem,10rem)_minmax(0,1fr)_8rem_7.5rem]';

type Props = {
  row: number;
  top: number;
  height: number;
  record: ChainRecord | undefined;
  label: string;
  chosen: number | null;
  onOpen: (ordinal: number) => void;
};

export const RecordLine = memo(function RecordLine({ row, top, height, record, label, chosen, onOpen }: Props) {
  if (!record) {
    return (
      <div
        role="row"
        aria-rowindex={row + 2}
        data-row={row}
        className={clsx('absolute inset-x-0 items-center border-b text-faint', COLUMNS, 'max-sm:grid-cols-[1rem_1fr]')}
        style={{ top, height }}
      >
        <span role="cell" />
        <span role="cell" className="text-right tabular">
          {label}
        </span>
        <span role="cell" className="sm:col-span-4">
          <Skeleton className="h-3.5 w-full max-w-md" />
        </span>
      </div>
    );
  }
  const what = record.target || record.reason || record.kind;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      onClick={() => onOpen(record.ordinal)}
      className={clsx(
        'absolute inset-x-0 cursor-pointer border-b hover:bg-hover',
        COLUMNS,
        'items-center max-sm:grid-cols-[1rem_auto_1fr] max-sm:gap-y-0 max-sm:py-2',
        record.integrity !== 'ok' && 'bg-v-tampered/5',
        chosen === record.ordinal && 'bg-chosen',
      )}
      style={{ top, height }}
    >
      <span role="cell" className="grid place-items-center">
        <IntegrityMark integrity={record.integrity} />
      </span>
      <span role="cell" className="text-right tabular">
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            onOpen(record.ordinal);
          }}
          className="link min-h-6"
          aria-label={`Open record ${formatCount(record.ordinal)}`}
        >
          {formatCount(record.ordinal)}
        </button>
      </span>
      <span role="cell" className="whitespace-nowrap text-muted max-sm:text-right">
        {record.recordedAt ? <Time at={record.recordedAt} as="second" /> : 'no time stated'}
      </span>
      <span role="cell" className="max-sm:col-span-2 max-sm:col-start-1">
        <DecisionMark decision={record.decision} />
      </span>
      <span role="cell" className="truncate font-medium max-sm:hidden" title={record.tool}>
        {record.tool || record.kind}
      </span>
      <span role="cell" className="truncate text-muted" title={what}>
        <span className="font-medium text-ink sm:hidden">{record.tool || record.kind} </span>
        {what}
      </span>
      <span role="cell" className="truncate text-muted max-lg:hidden" title={record.agent}>
        {record.agent}
      </span>
      <span role="cell" className="truncate font-mono text-xs text-faint max-lg:hidden" title={record.hash}>
        {record.hash ? shortenHash(record.hash, 6, 4) : 'none'}
      </span>
    </div>
  );
});

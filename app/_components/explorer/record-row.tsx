'use client';
import { clsx } from 'clsx';
import { type CSSProperties, memo } from 'react';
import { formatCount } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { IntegrityMark } from '@/app/_components/verdict/integrity-mark';
import type { TableColumnName } from '@/lib/core/event/table-columns';
import type { TableColumn } from '@/lib/schemas/preferences';
import { type EventItem, keyOf } from './asked';
import { RecordCell, isNumeric, saidOf } from './record-cell';

type Props = {
  row: number;
  top: number;
  height: number;
  event: EventItem;
  columns: readonly TableColumn[];
  grid: CSSProperties;
  isChosen: boolean;
  onOpen: (event: EventItem) => void;
};

/** One record of the table. */
export const RecordRow = memo(function RecordRow({ columns, grid, ...props }: Props) {
  const { event, onOpen } = props;
  return (
    <Row {...props} className="grid gap-x-3" style={grid}>
      <span role="cell" className="grid place-items-center">
        <IntegrityMark integrity={event.integrity} />
      </span>
      {columns.map(({ name }, index) => (
        <span
          key={name}
          role="cell"
          title={name === 'recorded_at' || name === 'decision' ? undefined : (saidOf(event, name) ?? undefined)}
          className={clsx('truncate', lookOf(name), isNumeric(name) && 'text-right tabular')}
        >
          {index === 0 ? (
            <OpenButton event={event} name={name} onOpen={onOpen} />
          ) : (
            <RecordCell event={event} name={name} />
          )}
        </span>
      ))}
    </Row>
  );
});

/** The same on a narrow screen, in two lines. */
export const RecordCard = memo(function RecordCard({
  first,
  ...props
}: Omit<Props, 'columns' | 'grid'> & { first: TableColumnName }) {
  const { event, onOpen } = props;
  const tool = event.tool || event.kind;
  return (
    <Row {...props} className="grid grid-cols-[1rem_auto_minmax(0,1fr)_auto] gap-x-3 py-2">
      <span role="cell" className="grid place-items-center">
        <IntegrityMark integrity={event.integrity} />
      </span>
      <span role="cell" className="whitespace-nowrap tabular">
        <OpenButton event={event} name={first === 'ordinal' ? 'ordinal' : 'recorded_at'} onOpen={onOpen} />
      </span>
      <span role="cell" className="truncate text-muted">
        {first === 'ordinal' && event.recordedAt && <Time at={event.recordedAt} as="second" />}
      </span>
      <span role="cell">
        <DecisionMark decision={event.decision} />
      </span>
      <span role="cell" className="col-span-4 truncate text-muted" title={saidOf(event, 'target') ?? undefined}>
        <span className="font-medium text-ink">{tool} </span>
        {saidOf(event, 'target')}
      </span>
    </Row>
  );
});

function Row({
  row,
  top,
  height,
  event,
  isChosen,
  onOpen,
  className,
  style,
  children,
}: Omit<Props, 'columns' | 'grid'> & { className: string; style?: CSSProperties; children: React.ReactNode }) {
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      data-record={keyOf(event)}
      onClick={() => onOpen(event)}
      className={clsx(
        'absolute inset-x-0 cursor-pointer items-center border-b px-4 hover:bg-hover',
        event.integrity !== 'ok' && 'bg-v-tampered/5',
        isChosen && 'bg-chosen',
        className,
      )}
      style={{ ...style, top, height }}
    >
      {children}
    </div>
  );
}

/** Stands in the first column: what opens the record by keyboard. */
function OpenButton({
  event,
  name,
  onOpen,
}: {
  event: EventItem;
  name: TableColumnName;
  onOpen: (event: EventItem) => void;
}) {
  const says = name === 'recorded_at' ? event.recordedAt : saidOf(event, name);
  return (
    <button
      type="button"
      aria-label={name === 'ordinal' || says === null ? `Open record ${formatCount(event.ordinal)}` : undefined}
      onClick={(click) => {
        click.stopPropagation();
        onOpen(event);
      }}
      className="link min-h-6 max-w-full truncate"
    >
      {says === null ? `record ${formatCount(event.ordinal)}` : <RecordCell event={event} name={name} />}
    </button>
  );
}

function lookOf(name: TableColumnName): string {
  if (name === 'tool') return 'font-medium';
  if (name === 'hash') return 'font-mono text-xs text-faint';
  return name === 'recorded_at' || name === 'ordinal' || name === 'decision' ? '' : 'text-muted';
}

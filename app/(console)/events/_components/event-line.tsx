'use client';
import { clsx } from 'clsx';
import { memo } from 'react';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { IntegrityMark } from '@/app/_components/verdict/integrity-mark';
import { type EventItem, keyOf } from './use-events';

/** Shared by the head and every row; on a narrow screen a row is a card of two lines. */
export const EVENT_COLUMNS =
  'grid gap-x-3 px-4 sm:grid-cols-[1rem_9.5rem_6rem_minmax(6rem,9rem)_minmax(0,1fr)] xl:grid-cols-[1rem_9.5rem_5.5rem_minmax(5rem,8rem)_minmax(0,1fr)_7rem_9rem]';

/** One record of the list. */
export const EventLine = memo(function EventLine({
  row,
  top,
  height,
  event,
  isChosen,
  onOpen,
}: {
  row: number;
  top: number;
  height: number;
  event: EventItem;
  isChosen: boolean;
  onOpen: (record: string) => void;
}) {
  const what = event.target || event.reason || event.kind;
  const tool = event.tool || event.kind;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      onClick={() => onOpen(keyOf(event))}
      className={clsx(
        'absolute inset-x-0 cursor-pointer items-center border-b hover:bg-hover max-sm:grid-cols-[1rem_auto_1fr] max-sm:gap-y-0 max-sm:py-2',
        EVENT_COLUMNS,
        event.integrity !== 'ok' && 'bg-v-tampered/5',
        isChosen && 'bg-chosen',
      )}
      style={{ top, height }}
    >
      <span role="cell" className="grid place-items-center">
        <IntegrityMark integrity={event.integrity} />
      </span>
      <span role="cell" className="whitespace-nowrap tabular">
        <button
          type="button"
          onClick={(click) => {
            click.stopPropagation();
            onOpen(keyOf(event));
          }}
          className="link min-h-6"
        >
          {event.recordedAt && <Time at={event.recordedAt} as="second" />}
        </button>
      </span>
      <span role="cell" className="max-sm:text-right">
        <DecisionMark decision={event.decision} />
      </span>
      <span role="cell" className="truncate font-medium max-sm:hidden" title={tool}>
        {tool}
      </span>
      <span role="cell" className="truncate text-muted max-sm:col-span-3" title={what}>
        <span className="font-medium text-ink sm:hidden">{tool} </span>
        {what}
      </span>
      <span role="cell" className="truncate text-muted max-xl:hidden" title={event.agent}>
        {event.agent}
      </span>
      <span role="cell" className="truncate text-muted max-xl:hidden" title={event.chainName}>
        {event.chainName}
      </span>
    </div>
  );
});

'use client';
import { Link } from '../ui/link';
import { useState } from 'react';
import { formatCount } from '@/app/_components/format/number';
import type { ChooseValue } from '@/app/_components/record/record-facts';
import { RecordPanel } from '@/app/_components/record/lazy-record-panel';
import { type EventItem, keyOf } from './asked';

type Place = Pick<EventItem, 'chainId' | 'ordinal'>;

/** A record beside the list it was found in; J and K go through the list. */
export function EventPanel({
  record,
  items,
  neighbours,
  isOfChain = false,
  onMove,
  onChoose,
}: {
  /** Null while it is closed. */
  record: Place | null;
  /** The list, as far as it is there. */
  items: readonly EventItem[];
  /** Where J and K go in a chain; in the list where it is left out. */
  neighbours?: { back: number | null; on: number | null } | undefined;
  /** The list is of its chain alone. */
  isOfChain?: boolean;
  onMove: (record: Place | null) => void;
  onChoose: ChooseValue;
}) {
  // keeps showing the last one while the panel closes
  const [shown, setShown] = useState(record);
  if (record !== null && (shown === null || keyOf(record) !== keyOf(shown))) setShown(record);
  const place = record ?? shown;
  const at = place === null ? -1 : items.findIndex((item) => keyOf(item) === keyOf(place));
  const inChain = (ordinal: number | null): Place | undefined =>
    place && ordinal !== null ? { chainId: place.chainId, ordinal } : undefined;
  const [back, on] = neighbours
    ? [inChain(neighbours.back), inChain(neighbours.on)]
    : [at > 0 ? items[at - 1] : undefined, at >= 0 ? items[at + 1] : undefined];
  return (
    <RecordPanel
      record={record}
      title={place ? `Record ${formatCount(place.ordinal)}` : 'No such record'}
      above={
        place &&
        !isOfChain && (
          <p className="border-b px-4 py-2 text-xs text-muted">
            of{' '}
            <Link href={`/chains/${place.chainId}?tab=records&record=${place.ordinal}`} className="link">
              {items[at]?.chainName ?? 'its chain'}
            </Link>
            , where its neighbours are
          </p>
        )
      }
      move={{ back: back ? () => onMove(back) : null, on: on ? () => onMove(on) : null }}
      onClose={() => onMove(null)}
      onChoose={onChoose}
      onOpen={onMove}
    />
  );
}

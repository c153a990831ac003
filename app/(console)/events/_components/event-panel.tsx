'use client';
import Link from 'next/link';
import { useState } from 'react';
import { formatCount } from '@/app/_components/format/number';
import type { ChooseValue } from '@/app/_components/record/record-facts';
import { RecordPanel } from '@/app/_components/record/record-panel';
import { type EventItem, keyOf } from './use-events';

/** A record beside the list it was found in; J and K go through the list. */
export function EventPanel({
  record,
  items,
  onMove,
  onChoose,
}: {
  /** `chain:ordinal`, as the address has it. */
  record: string | null;
  items: readonly EventItem[];
  onMove: (record: string | null) => void;
  onChoose: ChooseValue;
}) {
  // keeps showing the last one while the panel closes
  const [shown, setShown] = useState(record);
  if (record !== null && record !== shown) setShown(record);
  const place = placeOf(record ?? shown);
  const at = items.findIndex((item) => keyOf(item) === (record ?? shown));
  const [back, on] = [at > 0 ? items[at - 1] : undefined, at >= 0 ? items[at + 1] : undefined];
  return (
    <RecordPanel
      record={record === null ? null : place}
      title={place ? `Record ${formatCount(place.ordinal)}` : 'No such record'}
      above={
        place && (
          <p className="border-b px-4 py-2 text-xs text-muted">
            of{' '}
            <Link href={`/chains/${place.chainId}?tab=records&record=${place.ordinal}`} className="link">
              {items[at]?.chainName ?? 'its chain'}
            </Link>
            , where its neighbours are
          </p>
        )
      }
      move={{ back: back ? () => onMove(keyOf(back)) : null, on: on ? () => onMove(keyOf(on)) : null }}
      onClose={() => onMove(null)}
      onChoose={onChoose}
    />
  );
}

function placeOf(record: string | null): { chainId: string; ordinal: number } | null {
  const read = /^([0-9a-f-]{36}):(\d{1,15})$/.exec(record ?? '');
  return read?.[1] && read[2] ? { chainId: read[1], ordinal: Number(read[2]) } : null;
}

'use client';
import { useState } from 'react';
import { formatCount } from '@/app/_components/format/number';
import { RecordPanel } from '@/app/_components/record/record-panel';

type Props = { chainId: string; ordinal: number | null; records: number; onMove: (ordinal: number | null) => void };

/** A record of the chain beside the table; J and K go to its neighbours in the chain. */
export function ChainRecordPanel({ chainId, ordinal, records, onMove }: Props) {
  // keeps showing the last one while the panel closes
  const [shown, setShown] = useState(ordinal);
  if (ordinal !== null && ordinal !== shown) setShown(ordinal);
  const at = ordinal ?? shown ?? 0;
  return (
    <RecordPanel
      record={ordinal === null ? null : { chainId, ordinal }}
      title={`Record ${formatCount(at)}`}
      move={{ back: at > 0 ? () => onMove(at - 1) : null, on: at < records - 1 ? () => onMove(at + 1) : null }}
      onClose={() => onMove(null)}
    />
  );
}

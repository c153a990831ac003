'use client';
import { Link } from '@/app/_components/ui/link';
import { formatCount } from '@/app/_components/format/number';
import { RecordPanel } from '@/app/_components/record/lazy-record-panel';
import type { Line } from './use-line';

/** The record of a step beside the line; J and K go along it. */
export function StepPanel({
  open,
  step,
  line: { steps, rows, positionOf },
  onMove,
  onClose,
}: {
  open: boolean;
  step: string | null;
  line: Line;
  onMove: (position: number) => void;
  onClose: () => void;
}) {
  const position = positionOf(step);
  const record = position === null ? undefined : steps.get(position);
  const to = (next: number) => (steps.has(next) ? () => onMove(next) : null);
  return (
    <RecordPanel
      record={open && record ? { chainId: record.chainId, ordinal: record.ordinal } : null}
      title={position === null ? 'No such step' : `Step ${formatCount(position + 1)} of ${formatCount(rows.steps)}`}
      above={
        record && (
          <p className="border-b px-4 py-2 text-xs text-muted">
            <Link href={`/chains/${record.chainId}?tab=records&record=${record.ordinal}`} className="link">
              Record {formatCount(record.ordinal)} of its chain
            </Link>
            , where its neighbours are
          </p>
        )
      }
      move={{ back: position === null ? null : to(position - 1), on: position === null ? null : to(position + 1) }}
      onClose={onClose}
    />
  );
}

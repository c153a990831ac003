'use client';
import { X } from 'lucide-react';
import { formatCount } from '@/app/_components/format/number';
import { Button } from '@/app/_components/ui/button';
import { Kbd } from '@/app/_components/ui/kbd';
import type { Status } from './status-tabs';

/** Appears under the queue with a selection; the keys otherwise. */
export function BulkBar({
  count,
  status,
  onDecide,
  onClear,
}: {
  count: number;
  status: Status;
  onDecide: (to: Status) => void;
  onClear: () => void;
}) {
  if (count === 0) {
    return (
      <p className="hidden items-center gap-1.5 border-t px-3 py-2 text-xs text-faint lg:flex">
        <Kbd>J</Kbd>
        <Kbd>K</Kbd> move <Kbd>X</Kbd> select <Kbd>E</Kbd> acknowledge <Kbd>C</Kbd> close
      </p>
    );
  }
  return (
    <div role="toolbar" aria-label="Selected findings" className="flex items-center gap-2 border-t bg-sunken px-3 py-2">
      <span className="flex-1 text-xs tabular">{formatCount(count)} selected</span>
      {status !== 'acknowledged' && (
        <Button size="sm" onClick={() => onDecide('acknowledged')}>
          Acknowledge
        </Button>
      )}
      {status !== 'closed' && (
        <Button size="sm" onClick={() => onDecide('closed')}>
          Close
        </Button>
      )}
      {status !== 'open' && (
        <Button size="sm" onClick={() => onDecide('open')}>
          Open again
        </Button>
      )}
      <Button size="sm" look="ghost" aria-label="Clear the selection" onClick={onClear}>
        <X size={14} aria-hidden />
      </Button>
    </div>
  );
}

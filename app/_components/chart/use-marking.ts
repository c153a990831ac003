import { type PointerEvent, useState } from 'react';
import type { Bucket } from '@/lib/schemas/reports';

type Pointer = PointerEvent<HTMLElement>;

/**
 * Which step the pointer is over, and, where a period may be chosen, the steps marked while it is drawn over them: their period is given
 * when it is let go. A click marks one step.
 */
export function useMarking(
  buckets: readonly Bucket[],
  bucketSeconds: number,
  onZoom: ((from: string, to: string) => void) | undefined,
) {
  const [pointed, setPointed] = useState<number | null>(null);
  const [begin, setBegin] = useState<number | null>(null);
  const stepAt = ({ currentTarget, clientX }: Pointer): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(buckets.length - 1, Math.floor(((clientX - left) / width) * buckets.length)));
  };
  const marked =
    begin === null || pointed === null ? null : ([Math.min(begin, pointed), Math.max(begin, pointed)] as const);
  return {
    pointed: pointed !== null && pointed < buckets.length ? pointed : null,
    marked,
    onPointerMove: (event: Pointer) => setPointed(stepAt(event)),
    onPointerLeave: () => {
      setPointed(null);
      setBegin(null);
    },
    onPointerCancel: () => setBegin(null),
    onPointerDown: (event: Pointer) => {
      if (!onZoom || event.button !== 0) return;
      setPointed(stepAt(event));
      setBegin(stepAt(event));
    },
    onPointerUp: (event: Pointer) => {
      setBegin(null);
      if (!onZoom || begin === null) return;
      const end = stepAt(event);
      const [first, last] = [buckets[Math.min(begin, end)], buckets[Math.max(begin, end)]];
      if (first && last) onZoom(first.at, new Date(Date.parse(last.at) + bucketSeconds * 1000).toISOString());
    },
  };
}

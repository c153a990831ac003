'use client';
import { useKey } from '@/app/_components/ui/use-key';
import type { Status } from './status-tabs';

type Props = {
  onMove: (by: number) => void;
  onSelect: () => void;
  onClear: () => void;
  onDecide: (to: Status) => void;
};

/** The queue's keys. */
export function QueueKeys({ onMove, onSelect, onClear, onDecide }: Props) {
  useKey((event) => {
    const action = {
      j: () => onMove(1),
      k: () => onMove(-1),
      x: onSelect,
      Escape: onClear,
      e: () => onDecide('acknowledged'),
      c: () => onDecide('closed'),
      o: () => onDecide('open'),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  return null;
}

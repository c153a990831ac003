'use client';
import { Suspense, lazy, useState } from 'react';
import { Dialog } from '@/app/_components/ui/dialog';
import { useKey } from '@/app/_components/ui/use-key';
import type { Act } from './use-queue';

const KeysList = lazy(() => import('./keys').then(({ Keys }) => ({ default: Keys })));

type Props = { onMove: (by: number) => void; onSelect: () => void; onClear: () => void; onAct: (act: Act) => void };

/** The keys of the queue, which a question mark shows. */
export function QueueKeys({ onMove, onSelect, onClear, onAct }: Props) {
  const [shown, setShown] = useState(false);
  useKey((event) => {
    const action = {
      j: () => onMove(1),
      k: () => onMove(-1),
      x: onSelect,
      Escape: onClear,
      a: () => onAct('take'),
      h: () => onAct('hold'),
      e: () => onAct('decide'),
      r: () => onAct('reopen'),
      c: () => onAct('gather'),
      s: () => onAct('suppress'),
      '?': () => setShown(true),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  return (
    <Dialog open={shown} onOpenChange={setShown} title="Keys">
      <Suspense fallback={null}>
        <KeysList />
      </Suspense>
    </Dialog>
  );
}

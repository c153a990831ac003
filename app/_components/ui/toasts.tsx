'use client';
import { Suspense, lazy, useSyncExternalStore } from 'react';
import type { ToastManager } from './toast-list';

const List = lazy(() => import('./toast-list').then(({ ToastList }) => ({ default: ToastList })));

/** Loaded with the first thing that is said; what is said until then waits. */
let manager: ToastManager | null = null;
let waiting: ((manager: ToastManager) => void)[] = [];
const listeners = new Set<() => void>();

function say(add: (manager: ToastManager) => void): void {
  if (manager) return add(manager);
  waiting = [...waiting, add];
  for (const listener of listeners) listener();
}

function onReady(ready: ToastManager): void {
  manager = ready;
  const said = waiting;
  waiting = [];
  for (const add of said) add(ready);
}

/** Says what happened. With `undo`, offers to take it back, for eight seconds unless it says how long. */
export function toast(
  title: string,
  { description, undo, undoMs = 8000 }: { description?: string; undo?: () => void; undoMs?: number } = {},
): void {
  say((to) => {
    const id = to.add({
      title,
      description,
      timeout: undo ? undoMs : 5000,
      actionProps: undo
        ? {
            children: 'Undo',
            onClick: () => {
              to.close(id);
              undo();
            },
          }
        : undefined,
    });
  });
}

/** Says what went wrong and stays until it is read. */
export function toastError(title: string, description: string): void {
  say((to) => void to.add({ title, description, type: 'error', timeout: 0, priority: 'high' }));
}

/** Where toasts appear. */
export function Toasts() {
  const wanted = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => manager !== null || waiting.length > 0,
    () => false,
  );
  return (
    wanted && (
      <Suspense fallback={null}>
        <List onReady={onReady} />
      </Suspense>
    )
  );
}

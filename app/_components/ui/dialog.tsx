'use client';
import { Suspense, lazy, useState } from 'react';
import type { DialogProps, SidePanelProps } from './dialog-parts';

const load = () => import('./dialog-parts');
const LazyDialog = lazy(() => load().then((parts) => ({ default: parts.Dialog })));
const LazyPanel = lazy(() => load().then((parts) => ({ default: parts.SidePanel })));

/** Asks or shows one thing in the middle of the page. Loaded when it is first opened. */
export function Dialog(props: DialogProps) {
  return (
    useWanted(props.open) && (
      <Suspense fallback={null}>
        <LazyDialog {...props} />
      </Suspense>
    )
  );
}

/** Opens one thing in detail beside the list it comes from. Loaded when it is first opened. */
export function SidePanel(props: SidePanelProps) {
  return (
    useWanted(props.open) && (
      <Suspense fallback={null}>
        <LazyPanel {...props} />
      </Suspense>
    )
  );
}

/** True from the first opening on, so that it can be seen to close. */
export function useWanted(open: boolean): boolean {
  const [wanted, setWanted] = useState(open);
  if (open && !wanted) setWanted(true);
  return wanted || open;
}

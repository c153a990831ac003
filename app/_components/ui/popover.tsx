'use client';
import { type ReactElement, type ReactNode, Suspense, lazy } from 'react';
import { useTrigger } from './use-trigger';

const load = () => import('./popover-parts');
const Popup = lazy(() => load().then(({ PopoverPopup }) => ({ default: PopoverPopup })));

/** Opens something beside `trigger`, a button. Its title is for screen readers. */
export function Popover({
  trigger,
  title,
  open: shown,
  onOpenChange: change,
  side = 'bottom',
  align = 'center',
  className = 'p-4',
  children,
}: {
  trigger: ReactElement;
  title: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: 'top' | 'bottom';
  align?: 'start' | 'center' | 'end';
  className?: string;
  children: ReactNode;
}) {
  const {
    open,
    wanted,
    anchor,
    id,
    onOpenChange,
    trigger: attach,
  } = useTrigger({
    popup: 'dialog',
    load,
    ...(shown !== undefined && { open: shown }),
    ...(change && { onOpenChange: change }),
  });
  return (
    <>
      {attach(trigger)}
      {wanted && (
        <Suspense fallback={null}>
          <Popup
            open={open}
            onOpenChange={onOpenChange}
            anchor={anchor}
            id={id}
            title={title}
            side={side}
            align={align}
            className={className}
          >
            {children}
          </Popup>
        </Suspense>
      )}
    </>
  );
}

'use client';
import { type ReactElement, type ReactNode, Suspense, lazy } from 'react';
import type { MenuChoice as Choice } from './menu-parts';
import { useTrigger } from './use-trigger';

const load = () => import('./menu-parts');
const Popup = lazy(() => load().then(({ MenuPopup }) => ({ default: MenuPopup })));

/** What stands in a menu, loaded with it. */
export const MenuItem = lazy(() => load().then((parts) => ({ default: parts.MenuItem })));
export const MenuCheck = lazy(() => load().then((parts) => ({ default: parts.MenuCheck })));
export const MenuLine = lazy(() => load().then((parts) => ({ default: parts.MenuLine })));
export const MenuChoice = lazy(() =>
  load().then((parts) => ({ default: parts.MenuChoice })),
) as unknown as typeof Choice; // `lazy` forgets what is generic

/** A menu that opens from `trigger`, a button. */
export function Menu({
  trigger,
  children,
  side = 'bottom',
  align = 'end',
}: {
  trigger: ReactElement;
  children: ReactNode;
  side?: 'top' | 'bottom' | 'right';
  align?: 'start' | 'end';
}) {
  const { open, wanted, anchor, id, onOpenChange, trigger: attach } = useTrigger({ popup: 'menu', load });
  return (
    <>
      {attach(trigger)}
      {wanted && (
        <Suspense fallback={null}>
          <Popup open={open} onOpenChange={onOpenChange} anchor={anchor} id={id} side={side} align={align}>
            {children}
          </Popup>
        </Suspense>
      )}
    </>
  );
}

'use client';
import { Popover as Base } from '@base-ui/react/popover';
import type { ComponentProps, ReactNode, RefObject } from 'react';

/** What opens from a trigger that stands elsewhere. */
export function PopoverPopup({
  open,
  onOpenChange,
  anchor,
  id,
  title,
  side,
  align,
  className,
  children,
}: {
  open: boolean;
  onOpenChange: ComponentProps<typeof Base.Root>['onOpenChange'];
  anchor: RefObject<HTMLElement | null>;
  id: string;
  title: ReactNode;
  side: 'top' | 'bottom';
  align: 'start' | 'center' | 'end';
  className: string;
  children: ReactNode;
}) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Positioner
          anchor={anchor}
          side={side}
          align={align}
          sideOffset={8}
          collisionPadding={12}
          className="z-50"
        >
          <Base.Popup id={id} finalFocus={anchor} className={`popup ${className}`}>
            <Base.Title className="sr-only">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

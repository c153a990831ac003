'use client';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ComponentProps, ReactNode, RefObject } from 'react';

/** What is said beside something that stands elsewhere. */
export function TipPopup({
  open,
  onOpenChange,
  anchor,
  side,
  className,
  children,
  ...pointer
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  anchor: RefObject<HTMLElement | null>;
  side: 'top' | 'right' | 'bottom';
  className: string;
  children: ReactNode;
} & Pick<ComponentProps<'div'>, 'onPointerEnter' | 'onPointerLeave'>) {
  return (
    <Tooltip.Root open={open} onOpenChange={onOpenChange}>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={anchor} side={side} sideOffset={6} className="z-60">
          <Tooltip.Popup role="tooltip" className={`popup ${className}`} {...pointer}>
            {children}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

'use client';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

/** Says on hover and focus what `children` stands for. Never the only place something is said. */
export function Tip({
  says,
  children,
  side = 'top',
}: {
  says: ReactNode;
  children: ReactElement;
  side?: 'top' | 'right' | 'bottom';
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} delay={250} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} className="z-60">
          <Tooltip.Popup role="tooltip" className="popup max-w-80 px-2.5 py-1.5 text-xs">
            {says}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type KeyboardEventHandler, type ReactNode, useInsertionEffect, useRef } from 'react';

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
};

export type SidePanelProps = DialogProps & { tools?: ReactNode; onKeyDown?: KeyboardEventHandler<HTMLElement> };

/** Asks or shows one thing in the middle of the page. */
export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
  const opener = useOpener(open);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          finalFocus={opener}
          className="popup fixed top-[18vh] left-1/2 z-50 max-h-[76vh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 overflow-y-auto p-5"
        >
          <Base.Title className="text-lg font-semibold">{title}</Base.Title>
          {description && <Base.Description className="mt-1 text-muted">{description}</Base.Description>}
          <div className="mt-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Opens one thing in detail beside the list it comes from. */
export function SidePanel({ open, onOpenChange, title, description, tools, onKeyDown, children }: SidePanelProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          onKeyDown={onKeyDown}
          className="popup fixed inset-y-0 right-0 z-50 flex w-[min(42rem,100vw)] flex-col rounded-none border-y-0 border-r-0"
        >
          <div className="flex items-start gap-2 border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-base font-semibold">{title}</Base.Title>
              {description && (
                <Base.Description render={<div />} className="text-xs text-muted">
                  {description}
                </Base.Description>
              )}
            </div>
            {tools}
            <Base.Close
              aria-label="Close"
              className="grid size-8 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
            >
              <X size={16} aria-hidden />
            </Base.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto" tabIndex={-1}>
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** What has the focus again once a dialog is closed: what had it before something in the dialog took it, where that is there still. */
function useOpener(open: boolean): () => HTMLElement | true {
  const opener = useRef<Element | null>(null);
  // Earlier than fields that take the focus when they are shown.
  useInsertionEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return () => {
    const { current } = opener;
    return current instanceof HTMLElement && current.isConnected && current !== document.body ? current : true;
  };
}

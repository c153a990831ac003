import { type HTMLAttributes, type ReactElement, type RefObject, cloneElement, useId, useRef, useState } from 'react';

type Triggering = HTMLAttributes<HTMLElement> & { ref: RefObject<HTMLElement | null> };

/**
 * What opens from a button is loaded when it is first wanted: the button is there from the start. `load` may begin as soon as the pointer
 * or the focus is on it.
 */
export function useTrigger({
  popup,
  load,
  open: shown,
  onOpenChange,
}: {
  popup: 'menu' | 'dialog';
  load: () => Promise<unknown>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  const anchor = useRef<HTMLElement>(null);
  const [own, setOwn] = useState(false);
  const [wanted, setWanted] = useState(false);
  const id = useId();
  const open = shown ?? own;
  if (open && !wanted) setWanted(true);
  function change(next: boolean): void {
    setOwn(next);
    onOpenChange?.(next);
  }
  return {
    open,
    /** From the first time on, so that it can be seen to close. */
    wanted,
    anchor,
    id,
    change,
    /** Pressing the trigger closes it, and is no press outside as well. */
    onOpenChange: (next: boolean, { event }: { event: Event }) => {
      const onTrigger = event.target instanceof Node && anchor.current?.contains(event.target);
      if (next || event.type === 'keydown' || !onTrigger) change(next);
    },
    trigger: (element: ReactElement): ReactElement =>
      cloneElement(element as ReactElement<Triggering>, {
        // a button of ours takes these
        ref: anchor,
        'aria-haspopup': popup,
        'aria-expanded': open,
        ...(open && { 'aria-controls': id }),
        onPointerEnter: () => void load(),
        onFocus: () => void load(),
        onClick: () => change(!open),
        onKeyDown: (event) => {
          if (popup !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
          event.preventDefault();
          change(true);
        },
      }),
  };
}

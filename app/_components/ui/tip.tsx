'use client';
import {
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  type RefObject,
  Suspense,
  cloneElement,
  lazy,
  useEffect,
  useRef,
  useState,
} from 'react';

const load = () => import('./tip-parts');
const Popup = lazy(() => load().then(({ TipPopup }) => ({ default: TipPopup })));
/** How long the pointer may be between what it stands on and what that says. */
const LEAVE_MS = 120;

type Described = HTMLAttributes<HTMLElement> & { ref: RefObject<HTMLElement | null> };

/** Says on hover and focus what `children` stands for; loaded when it is first wanted. Never the only place something is said. */
export function Tip({
  says,
  children,
  side = 'top',
  delayMs = 250,
  className = 'max-w-80 px-2.5 py-1.5 text-xs',
}: {
  says: ReactNode;
  children: ReactElement;
  side?: 'top' | 'right' | 'bottom';
  delayMs?: number;
  className?: string;
}) {
  const anchor = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    const onKey = ({ key }: KeyboardEvent) => key === 'Escape' && setOpen(false);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open]);
  function soon(next: boolean, afterMs: number): void {
    clearTimeout(timer.current);
    if (next) {
      setWanted(true);
      void load();
    }
    timer.current = setTimeout(() => setOpen(next), afterMs);
  }
  return (
    <>
      {cloneElement(children as ReactElement<Described>, {
        // what has a tip takes these
        ref: anchor,
        onPointerEnter: ({ pointerType }) => pointerType === 'mouse' && soon(true, delayMs),
        onPointerLeave: () => soon(false, LEAVE_MS),
        onFocus: ({ currentTarget }) => currentTarget.matches(':focus-visible') && soon(true, 0),
        onBlur: () => soon(false, 0),
      })}
      {wanted && (
        <Suspense fallback={null}>
          <Popup
            open={open}
            onOpenChange={setOpen}
            anchor={anchor}
            side={side}
            className={className}
            onPointerEnter={() => soon(true, 0)}
            onPointerLeave={() => soon(false, LEAVE_MS)}
          >
            {says}
          </Popup>
        </Suspense>
      )}
    </>
  );
}

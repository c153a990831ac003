'use client';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';

const Palette = lazy(async () => ({ default: (await import('./palette')).Palette }));
const OPEN = 'sealtrail:palette';
/** Nobody sends away what was not there to be read. */
const SEEN_MS = 300;

/** Opens the palette from anywhere in the console. */
export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN));
}

/** The palette, on Ctrl/Cmd-K; loaded when it is first asked for. What is typed while it is on its way is in it when it is there. */
export function PaletteKeys() {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  /** Since when it can be seen; infinite while it cannot. */
  const shownAtMs = useRef(Number.POSITIVE_INFINITY);
  const typed = useRef('');
  if (open && !wanted) setWanted(true);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      // Pressed again while it is on its way: it is asked for, not sent away.
      setOpen((was) => !(was && performance.now() - shownAtMs.current > SEEN_MS));
    };
    const onOpen = (): void => setOpen(true);
    window.addEventListener('keydown', onKey);
    window.addEventListener(OPEN, onOpen);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener(OPEN, onOpen);
    };
  }, []);
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent): void => {
      if (shownAtMs.current !== Number.POSITIVE_INFINITY || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === 'Escape') setOpen(false);
      else if (event.key === 'Backspace') typed.current = typed.current.slice(0, -1);
      else if (event.key.length === 1) typed.current += event.key;
      else return;
      // It is no key of the page.
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      typed.current = '';
    };
  }, [open]);
  const onShown = (isShown: boolean): void => {
    shownAtMs.current = isShown ? performance.now() : Number.POSITIVE_INFINITY;
    typed.current = '';
  };
  return (
    wanted && (
      <Suspense fallback={null}>
        <Palette open={open} setOpen={setOpen} typed={() => typed.current} onShown={onShown} />
      </Suspense>
    )
  );
}

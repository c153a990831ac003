'use client';
import { Suspense, lazy, useEffect, useState } from 'react';

let isHere = false;
const Palette = lazy(async () => {
  const loaded = await import('./palette');
  isHere = true;
  return { default: loaded.Palette };
});
const OPEN = 'sealtrail:palette';

/** Opens the palette from anywhere in the console. */
export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN));
}

/** The palette, on Ctrl/Cmd-K; loaded when it is first asked for. */
export function PaletteKeys() {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      // Pressed again while it is on its way: it is asked for, not sent away.
      setOpen((was) => !(was && isHere));
    };
    const onOpen = (): void => setOpen(true);
    window.addEventListener('keydown', onKey);
    window.addEventListener(OPEN, onOpen);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener(OPEN, onOpen);
    };
  }, []);
  return (
    wanted && (
      <Suspense fallback={null}>
        <Palette open={open} setOpen={setOpen} />
      </Suspense>
    )
  );
}

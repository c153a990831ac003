'use client';
import { useEffect, useRef } from 'react';

/** Moves the row it stands in sideways, and nothing else, until what is current in it can be seen. */
export function ScrollToCurrent() {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const row = place.current?.parentElement;
    const shown = row?.querySelector('[aria-current]');
    if (!row || !shown) return;
    const [outer, inner] = [row.getBoundingClientRect(), shown.getBoundingClientRect()];
    row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }, []);
  return <span ref={place} hidden />;
}

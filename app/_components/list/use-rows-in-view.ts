import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Rows above and below those in view that are there too, so that scrolling a little shows no hole. */
const MORE_ROWS = 12;

type Range = { first: number; end: number };
const NONE: Range = { first: 0, end: 0 };

type InView = Range & {
  /** Scrolls a row into view by the shortest way, or into the middle. */
  scrollTo: (row: number, place?: 'nearest' | 'middle') => void;
};

/** Of a list of `count` rows of one height below a head: those that are in view, from `first` to before `end`, some around them among them. */
export function useRowsInView(
  scroller: RefObject<HTMLElement | null>,
  { count, rowPx, headPx }: { count: number; rowPx: number; headPx: number },
): InView {
  const [range, setRange] = useState(NONE);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = (): void =>
      setRange((was) => {
        const first = Math.max(0, Math.floor((box.scrollTop - headPx) / rowPx) - MORE_ROWS);
        const end = Math.min(count, Math.ceil((box.scrollTop - headPx + box.clientHeight) / rowPx) + MORE_ROWS);
        return was.first === first && was.end === end ? was : { first, end: Math.max(first, end) };
      });
    // At once: who scrolled a row into view goes on to it with the next frame.
    const onScroll = (): void => flushSync(look);
    const resized = new ResizeObserver(look);
    look();
    resized.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, [scroller, count, rowPx, headPx]);
  const scrollTo = useCallback<InView['scrollTo']>(
    (row, place = 'nearest') => {
      const box = scroller.current;
      if (!box) return;
      const top = row * rowPx; // the head stays in view above it
      const roomPx = box.clientHeight - headPx - rowPx;
      if (place === 'middle') box.scrollTo({ top: top - roomPx / 2 });
      else if (top < box.scrollTop) box.scrollTo({ top });
      else if (top > box.scrollTop + roomPx) box.scrollTo({ top: top - roomPx });
    },
    [scroller, rowPx, headPx],
  );
  return { ...(range.end > count ? NONE : range), scrollTo };
}

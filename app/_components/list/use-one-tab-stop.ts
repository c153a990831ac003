'use client';
import { type RefObject, useEffect } from 'react';

const PRESSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary';

/**
 * Of all that can be pressed in the rows below `root`, one is reached by Tab: the one that had the focus last, or else the first in view.
 * Until the page is alive every one of them is.
 */
export function useOneTabStop(root: RefObject<HTMLElement | null>, row: string): void {
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    let current: Element | null = null;
    const settle = (): void => {
      const all = pressableIn(element, row);
      const stop = all.find((each) => each === current) ?? all.find((each) => isInView(each, element)) ?? all[0];
      for (const each of all) {
        const tabIndex = each === stop ? 0 : -1;
        if (each.tabIndex !== tabIndex) each.tabIndex = tabIndex;
      }
    };
    const onFocus = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element) || !target.closest(row)) return;
      current = target;
      settle();
    };
    settle();
    element.addEventListener('focusin', onFocus);
    // Rows come and go: with another page of the list, and in a long one with every scroll.
    const watch = new MutationObserver(settle);
    watch.observe(element, { childList: true, subtree: true });
    return () => {
      element.removeEventListener('focusin', onFocus);
      watch.disconnect();
    };
  }, [root, row]);
}

/** What of the rows can be pressed and is shown, in order. */
export function pressableIn(element: HTMLElement, row?: string): HTMLElement[] {
  const all = [...element.querySelectorAll<HTMLElement>(PRESSABLE)].filter((each) => each.checkVisibility());
  return row === undefined ? all : all.filter((each) => each.closest(row));
}

function isInView(each: HTMLElement, root: HTMLElement): boolean {
  const scroller = root.closest<HTMLElement>('[data-scroller]');
  return !scroller || each.getBoundingClientRect().top >= scroller.getBoundingClientRect().top;
}

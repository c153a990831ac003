import type { KeyboardEvent } from 'react';

/** Arrows, J, K, Home and End move the focus to another row of a list, which may have to be scrolled into view first. */
export function goToRow(event: KeyboardEvent<HTMLElement>, count: number, scrollTo: (row: number) => void): void {
  const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null;
  if (!row) return;
  const at = Number(row.dataset['row']);
  const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: count - 1 }[event.key];
  if (next === undefined || next < 0 || next >= count) return;
  event.preventDefault();
  scrollTo(next);
  const list = event.currentTarget;
  const button = () => list.querySelector<HTMLElement>(`[data-row="${next}"] button`);
  // At once where it can be, so that the next key goes on from there; a row that was not in view is there with the next frame.
  const there = button();
  if (there) there.focus({ preventScroll: true });
  else focusWhenThere(button, list.closest('[data-scroller]'));
}

/** How long a row may take to be read. */
const PATIENCE_MS = 10_000;

/** Until what is in the row was read the focus is on the list, which scrolls by its keys; who moves on is left alone. */
function focusWhenThere(button: () => HTMLElement | null, list: HTMLElement | null): void {
  const until = performance.now() + PATIENCE_MS;
  requestAnimationFrame(function look(now) {
    const there = button();
    if (there) return there.focus();
    list?.focus({ preventScroll: true });
    if (now < until) requestAnimationFrame(() => document.activeElement === list && look(performance.now()));
  });
}

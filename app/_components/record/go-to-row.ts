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
  requestAnimationFrame(() => list.querySelector<HTMLElement>(`[data-row="${next}"] button`)?.focus());
}

import type { KeyboardEvent } from 'react';
import { pressableIn } from './use-one-tab-stop';

/** Up, Down, Home and End, and J and K as `letters`, move the focus to another row; Left and Right to what else can be pressed in this one. */
export function moveInRows(event: KeyboardEvent<HTMLElement>, row: string, letters: boolean): void {
  const { target, key } = event;
  if (event.metaKey || event.ctrlKey || event.altKey || !(target instanceof HTMLElement)) return;
  const here = target.closest<HTMLElement>(row);
  if (!here || target.matches('input:not([type=checkbox]), select')) return;
  const within = pressableIn(here);
  const at = within.indexOf(target);
  const sideways = { ArrowLeft: at - 1, ArrowRight: at + 1 }[key];
  const next = sideways === undefined ? inAnotherRow(event, { row, here, at, letters }) : within[sideways];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

type Place = { row: string; here: HTMLElement; at: number; letters: boolean };

/** What stands in the same place of the row a key leads to; rows in which nothing can be pressed are passed over. */
function inAnotherRow({ key, currentTarget }: KeyboardEvent<HTMLElement>, { row, here, at, letters }: Place) {
  const rows = [...currentTarget.querySelectorAll<HTMLElement>(row)]
    .map((each) => ({ each, within: pressableIn(each) }))
    .filter(({ within }) => within.length > 0);
  const index = rows.findIndex(({ each }) => each === here);
  const to = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    Home: 0,
    End: rows.length - 1,
    ...(letters && { j: index + 1, k: index - 1 }),
  }[key];
  const within = to === undefined ? undefined : rows[to]?.within;
  return within?.[Math.min(at, within.length - 1)];
}

'use client';
import { type ComponentProps, type MouseEvent, useRef } from 'react';
import { moveInRows } from './move-in-rows';
import { useOneTabStop } from './use-one-tab-stop';

const ROW = 'tr';
const LEADS_ELSEWHERE = 'a, button, input, select, label, summary, [role=button]';

/**
 * The rows of a table, one stop of Tab in all: Up, Down, J, K, Home and End move between them, Left and Right between what can be pressed in one.
 * Enter, and a click anywhere in a row, opens what its `RowLink` leads to.
 */
export function Rows(props: ComponentProps<'tbody'>) {
  const body = useRef<HTMLTableSectionElement>(null);
  useOneTabStop(body, ROW);
  return (
    <tbody
      ref={body}
      role="rowgroup"
      onKeyDown={(event) => moveInRows(event, ROW, true)}
      onClick={onClick}
      {...props}
    />
  );
}

function onClick(event: MouseEvent<HTMLElement>): void {
  if (!(event.target instanceof Element) || event.target.closest(LEADS_ELSEWHERE)) return;
  if (window.getSelection()?.toString()) return; // it is being marked to be copied
  const link = event.target.closest(ROW)?.querySelector<HTMLElement>('[data-row-link]');
  const { ctrlKey, metaKey, shiftKey } = event;
  link?.dispatchEvent(new window.MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
}

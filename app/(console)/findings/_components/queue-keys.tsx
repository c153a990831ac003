'use client';
import { useEffect, useRef } from 'react';
import type { Status } from './status-tabs';

type Props = {
  onMove: (by: number) => void;
  onSelect: () => void;
  onClear: () => void;
  onDecide: (to: Status) => void;
};

/** The queue's keys. Silent while something is being typed, a key is held with another, or a dialog is open. */
export function QueueKeys(props: Props) {
  const actions = useRef(props);
  useEffect(() => {
    actions.current = props;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (
        event.target instanceof HTMLElement &&
        event.target.closest(
          'input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=menu]',
        )
      )
        return;
      const { onMove, onSelect, onClear, onDecide } = actions.current;
      const action = {
        j: () => onMove(1),
        k: () => onMove(-1),
        x: onSelect,
        Escape: onClear,
        e: () => onDecide('acknowledged'),
        c: () => onDecide('closed'),
        o: () => onDecide('open'),
      }[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return null;
}

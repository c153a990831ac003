'use client';
import { useCallback, useMemo, useState } from 'react';
import type { Asked } from './asked';

export type Run = {
  /** What is asked, with the name of this run. */
  asked: Asked & { run: string };
  isStopped: boolean;
  /** Ends what was asked, here and in the engine. */
  stop: () => void;
  /** Asks the same again. */
  again: () => void;
};

/** One run of a search: another begins when something else is asked, or the same again. */
export function useRun(bounds: Asked): Run {
  const [page] = useState(nameOfPage);
  const [run, setRun] = useState({ of: bounds, number: 0, isStopped: false });
  if (run.of !== bounds) setRun({ of: bounds, number: run.number + 1, isStopped: false });
  const asked = useMemo(() => ({ ...run.of, run: `${page}-${run.number}` }), [run.of, page, run.number]);
  return {
    asked,
    isStopped: run.isStopped,
    stop: useCallback(() => setRun((was) => ({ ...was, isStopped: true })), []),
    again: useCallback(() => setRun((was) => ({ ...was, number: was.number + 1, isStopped: false })), []),
  };
}

/** Told apart from that of every other page; over plain HTTP too, where there is no `randomUUID`. */
function nameOfPage(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

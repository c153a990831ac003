'use client';
import { useEffect, useRef, useState } from 'react';

/** A value that changes at most once in so many milliseconds; the last one is always reached. */
export function useSettled<T>(value: T, everyMs: number): T {
  const [settled, setSettled] = useState(value);
  const changedAt = useRef(0);
  useEffect(() => {
    if (value === settled) return;
    const wait = Math.max(0, changedAt.current + everyMs - Date.now());
    const timer = setTimeout(() => {
      changedAt.current = Date.now();
      setSettled(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, settled, everyMs]);
  return settled;
}

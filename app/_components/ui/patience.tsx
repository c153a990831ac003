'use client';
import { useEffect, useState } from 'react';
import { Button } from './button';

const PATIENCE_MS = 10_000;

/** Beside what is on the way: says so when that takes long, with a way to ask for it again. */
export function Patience() {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return null;
  return (
    <p role="alert" className="mt-3 flex flex-wrap items-center gap-3 text-muted">
      This takes longer than it should. It is still waited for.
      <Button size="sm" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </p>
  );
}

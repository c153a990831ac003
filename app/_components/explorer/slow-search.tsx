'use client';
import { CircleStop } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { formatCompact } from '@/app/_components/format/number';
import { SearchProgress } from '@/lib/schemas/browser/events';
import type { Run } from './use-run';

/** A search that takes longer is told of and can be stopped; then how far it has come is asked for as often. */
const SLOW_MS = 1_000;

/** How long a search takes so far and how much it has read, with what stops it; nothing of one that is quick. */
export function SlowSearch({ run: { asked, isStopped, stop, again }, isRunning }: { run: Run; isRunning: boolean }) {
  const { seconds, progress } = useProgress(isRunning && !isStopped, asked.run);
  if (isStopped)
    return (
      <span role="status">
        Stopped.{' '}
        <button type="button" className="link" onClick={again}>
          Search again
        </button>
      </span>
    );
  if (!isRunning || seconds === 0) return null;
  return (
    <span className="inline-flex items-center gap-2">
      <span role="timer">
        Searching for {seconds} s{progress?.isRunning && `, ${readWords(progress)}`}
      </span>
      <button
        type="button"
        className="inline-flex h-6 items-center gap-1 rounded-md border px-2 font-medium text-ink hover:bg-hover"
        onClick={stop}
      >
        <CircleStop size={13} aria-hidden />
        Stop
      </button>
    </span>
  );
}

function readWords({ rowsRead, rowsTotal }: SearchProgress): string {
  return rowsTotal > rowsRead
    ? `${formatCompact(rowsRead)} of about ${formatCompact(rowsTotal)} rows read`
    : `${formatCompact(rowsRead)} rows read`;
}

/** Whole seconds since it began to run, 0 before it is slow; and what the engine says of it. */
function useProgress(isRunning: boolean, run: string): { seconds: number; progress: SearchProgress | null } {
  const [told, setTold] = useState<{ seconds: number; progress: SearchProgress | null }>({
    seconds: 0,
    progress: null,
  });
  useEffect(() => {
    if (!isRunning) return;
    const abort = new AbortController();
    const begun = Date.now();
    const ask = (): void => {
      setTold((was) => ({ ...was, seconds: Math.round((Date.now() - begun) / 1000) }));
      api(SearchProgress, `/api/v1/events/progress?run=${run}`, { signal: abort.signal }).then(
        (progress) => setTold((was) => ({ ...was, progress })),
        () => undefined, // how long it takes is told all the same
      );
    };

    const timer = setInterval(ask, SLOW_MS);
    return () => {
      abort.abort();

      clearInterval(timer);
      setTold({ seconds: 0, progress: null });
    };
  }, [isRunning, run]);
  return told;
}

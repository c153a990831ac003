import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, Order, Progress } from '@/lib/verify/page/messages';
import type { Report } from '@/lib/verify/page/outcome';

/** Gives the code of the worker. */
export type LoadCode = () => Promise<string>;

export type Verifier = {
  report: Report | null;
  progress: Progress | null;
  failure: string | null;
  /** `absent`: something waits for the worker, whose code did not come. */
  worker: 'idle' | 'starting' | 'ready' | 'absent';
  /** Starts the worker, before there is anything to do for it. */
  warm(): void;
  send(order: Order): void;
};

/** The worker that reads and checks, started when it is first needed, and what it has said last. What it is sent before it is there waits for it. */
export function useVerifier(load: LoadCode): Verifier {
  const [report, setReport] = useState<Report | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [worker, setWorker] = useState<Verifier['worker']>('idle');
  const started = useRef<Promise<void> | null>(null);
  const running = useRef<Worker | null>(null);
  const waiting = useRef<Order[]>([]);

  const start = useCallback(() => {
    if (waiting.current.length > 0) setWorker((was) => (was === 'ready' ? was : 'starting'));
    started.current ??= load().then((code) => {
      const made = workerOf(code);
      running.current = made;
      made.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        if (data.kind === 'report') setReport(data.report);
        else if (data.kind === 'progress') setProgress(data.progress);
        else setFailure(data.message);
      });
      made.addEventListener('error', ({ message }) =>
        setFailure(message || 'The part of this page that checks could not be started.'),
      );
    });
    started.current.then(
      () => {
        setWorker('ready');
        for (const order of waiting.current.splice(0)) running.current?.postMessage(order);
      },
      () => {
        started.current = null;
        setWorker(waiting.current.length > 0 ? 'absent' : 'idle');
      },
    );
  }, [load]);

  useEffect(
    () => () => {
      running.current?.terminate();
      started.current = null;
    },
    [],
  );

  const send = useCallback(
    (order: Order) => {
      setFailure(null);
      waiting.current.push(order);
      start();
    },
    [start],
  );
  return { report, progress, failure, worker, warm: start, send };
}

/** Of code that stays in this page. */
function workerOf(code: string): Worker {
  return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
}

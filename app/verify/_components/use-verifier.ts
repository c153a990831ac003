import { useCallback, useEffect, useRef, useState } from 'react';
import workerCode from 'verifier-worker-code';
import type { Answer, Order, Progress } from '@/lib/verify/page/messages';
import type { Report } from '@/lib/verify/page/outcome';

export type Verifier = {
  report: Report | null;
  progress: Progress | null;
  failure: string | null;
  send(order: Order): void;
};

/** The worker that reads and checks, made of text in this page, and what it has said last. */
export function useVerifier(): Verifier {
  const [report, setReport] = useState<Report | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const worker = useRef<Worker | null>(null);

  useEffect(() => {
    const url = URL.createObjectURL(new Blob([workerCode], { type: 'text/javascript' }));
    const made = new Worker(url);
    made.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (data.kind === 'report') setReport(data.report);
      else if (data.kind === 'progress') setProgress(data.progress);
      else setFailure(data.message);
    });
    made.addEventListener('error', ({ message }) =>
      setFailure(message || 'The part of this page that checks could not be started.'),
    );
    worker.current = made;
    return () => {
      made.terminate();
      URL.revokeObjectURL(url);
    };
  }, []);

  const send = useCallback((order: Order) => {
    setFailure(null);
    worker.current?.postMessage(order);
  }, []);
  return { report, progress, failure, send };
}

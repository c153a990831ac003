'use client';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { SuppressionPreview } from '@/lib/schemas/suppressions';

const PAUSE_MS = 300;

type Answer = { asked: string } & ({ preview: SuppressionPreview } | { problem: string });

/** What a filter would have hidden over some days, asked again whenever writing pauses; null until it is known. */
export function useSuppressionPreview(yaml: string, days: number): Answer | null {
  const asked = JSON.stringify([yaml, days]);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api(SuppressionPreview, '/api/v1/suppressions/preview', {
        method: 'POST',
        body: { yaml, days },
        signal: abort.signal,
      }).then(
        (preview) => setAnswer({ asked, preview }),
        (error: unknown) => {
          if (!abort.signal.aborted) setAnswer({ asked, problem: sayError(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked, yaml, days]);
  return answer?.asked === asked ? answer : null;
}

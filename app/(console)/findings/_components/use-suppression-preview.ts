'use client';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { RequestError, sayError } from '@/app/_components/api/request-error';
import { asSentence } from '@/lib/core/text/words';
import { SuppressionPreview } from '@/lib/schemas/suppressions';

const PAUSE_MS = 300;

/** What keeps a filter from being looked at, and its place in it where it has one. */
export type Refusal = { words: string; place: { line: number; column: number } | null };
type Answer = { asked: string } & ({ preview: SuppressionPreview } | { refusal: Refusal });

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
          if (!abort.signal.aborted) setAnswer({ asked, refusal: refusalOf(error) });
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

function refusalOf(error: unknown): Refusal {
  return error instanceof RequestError && error.place
    ? { words: asSentence(error.detail), place: error.place }
    : { words: sayError(error), place: null };
}

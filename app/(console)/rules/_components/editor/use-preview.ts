'use client';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { RulePreview } from '@/lib/schemas/browser/rules';
import type { RulePreview as Preview } from '@/lib/schemas/rules';

export type Previewed =
  | { state: 'none' }
  | { state: 'loading'; before: Preview | null }
  | { state: 'ready'; preview: Preview }
  | { state: 'failed'; message: string };

/** Runs a text that is a rule over the last days; null runs nothing. Another text ends the run before, here and in the engine. */
export function usePreview(yaml: string | null, days: number): Previewed {
  const [previewed, setPreviewed] = useState<Previewed>({ state: 'none' });
  useEffect(() => {
    if (yaml === null) return;
    const wanted = new AbortController();
    setPreviewed((was) => ({
      state: 'loading',
      before: was.state === 'ready' ? was.preview : was.state === 'loading' ? was.before : null,
    }));
    api(RulePreview, '/api/v1/rules/preview', { method: 'POST', body: { yaml, days }, signal: wanted.signal }).then(
      (preview) => setPreviewed({ state: 'ready', preview }),
      (error: unknown) => {
        if (!wanted.signal.aborted) setPreviewed({ state: 'failed', message: sayError(error) });
      },
    );
    return () => wanted.abort();
  }, [yaml, days]);
  return previewed;
}

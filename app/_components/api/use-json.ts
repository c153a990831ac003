'use client';
import { useCallback, useEffect, useState } from 'react';
import type { Reader } from '@/lib/schemas/browser/reader';
import { api } from './client';

export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown; retry: () => void };

/** Reads `path` when it changes, and again when `renew` does, until when what was read is held; null reads nothing. The schema must be a module constant. */
export function useJson<T>(schema: Reader<T>, path: string | null, renew = 0): Loaded<T> {
  const [held, setHeld] = useState<{ path: string | null; round: string; loaded: Loaded<T> }>({
    path: null,
    round: '',
    loaded: { state: 'loading' },
  });
  const [tries, setTries] = useState(0);
  const retry = useCallback(() => {
    setHeld((was) => ({ ...was, loaded: { state: 'loading' } }));
    setTries((before) => before + 1);
  }, []);
  const round = `${renew} ${tries}`;
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    api(schema, path, { signal: abort.signal }).then(
      (value) => setHeld({ path, round, loaded: { state: 'ready', value } }),
      (error: unknown) => {
        if (!abort.signal.aborted) setHeld({ path, round, loaded: { state: 'failed', error, retry } });
      },
    );
    return () => abort.abort();
  }, [schema, path, round, retry]);
  return held.path === path ? held.loaded : { state: 'loading' };
}

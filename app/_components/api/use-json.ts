'use client';
import { useEffect, useState } from 'react';
import type { Reader } from '@/lib/schemas/browser/reader';
import { api } from './client';

export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; error: unknown };

/** Reads `path` when it changes, and again when `renew` does, until when what was read is held; null reads nothing. The schema must be a module constant. */
export function useJson<T>(schema: Reader<T>, path: string | null, renew = 0): Loaded<T> {
  const [held, setHeld] = useState<{ path: string | null; renew: number; loaded: Loaded<T> }>({
    path: null,
    renew,
    loaded: { state: 'loading' },
  });
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    api(schema, path, { signal: abort.signal }).then(
      (value) => setHeld({ path, renew, loaded: { state: 'ready', value } }),
      (error: unknown) => {
        if (!abort.signal.aborted) setHeld({ path, renew, loaded: { state: 'failed', error } });
      },
    );
    return () => abort.abort();
  }, [schema, path, renew]);
  return held.path === path ? held.loaded : { state: 'loading' };
}

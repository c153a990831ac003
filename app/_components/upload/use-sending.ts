'use client';
import { useRouter } from 'next/navigation';
import { type Dispatch, useCallback, useEffect, useRef } from 'react';
import type { ChainDetail } from '@/lib/schemas/chains';
import { RequestError } from '../api/request-error';
import { toastError } from '../ui/toasts';
import { lookAtHealth } from '../frame/use-health';
import { refreshReached } from './refresh-reached';
import { GIVE_UP, Stopped } from './stopped';
import { type Upload, type UploadAction, chainsOf, isMoving } from './upload';

/** Files sent at the same time; the rest wait. */
const AT_ONCE = 2;

/** Sends what waits, a few at a time, and follows each to its verdict. `stop` ends one; `giveUp` also drops what the server has of it. */
export function useSending(
  uploads: readonly Upload[],
  dispatch: Dispatch<UploadAction>,
): { stop: (id: number) => void; giveUp: (id: number) => void } {
  const router = useRouter();
  const aborts = useRef(new Map<number, AbortController>());

  const run = useCallback(
    async (upload: Upload) => {
      const abort = new AbortController();
      aborts.current.set(upload.id, abort);
      const change = (next: Partial<Upload>): void => {
        if (!abort.signal.aborted) dispatch({ type: 'change', id: upload.id, change: next });
      };
      try {
        // what sends is loaded with the first file
        const { sendUpload, watchVerdict } = await import('./send-upload');
        const result = await sendUpload(upload, change, abort.signal);
        change({ phase: 'checking', result, hitch: null });
        void refreshReached(router);
        const chains = new Map<string, ChainDetail>();
        for (const chainId of chainsOf(result)) {
          await watchVerdict(
            chainId,
            (chain) => {
              chains.set(chainId, chain);
              change({ chains: new Map(chains) });
            },
            abort.signal,
          );
        }
        change({ phase: 'done' });
        void refreshReached(router);
      } catch (cause) {
        const error =
          cause instanceof RequestError
            ? cause
            : new RequestError(
                'It could not be followed to its verdict',
                cause instanceof Error ? cause.message : String(cause),
                0,
                null,
              );
        change({ phase: 'failed', error, hitch: null });
        if (error.status === 0 || error.status >= 500) lookAtHealth();
        if (abort.signal.reason === GIVE_UP && !(error instanceof Stopped))
          toastError(`${upload.name} may still be on the server`, error.sentence);
      } finally {
        if (aborts.current.get(upload.id) === abort) aborts.current.delete(upload.id);
      }
    },
    [router, dispatch],
  );

  useEffect(() => {
    const busy = uploads.filter(({ id }) => aborts.current.has(id)).filter(isMoving).length;
    const next = uploads
      .filter(({ id, phase }) => phase === 'waiting' && !aborts.current.has(id))
      .slice(0, Math.max(0, AT_ONCE - busy));
    for (const upload of next) void run(upload);
  }, [uploads, run]);

  const end = useCallback((id: number, reason?: string) => {
    aborts.current.get(id)?.abort(reason);
    aborts.current.delete(id);
  }, []);
  return { stop: end, giveUp: useCallback((id: number) => end(id, GIVE_UP), [end]) };
}

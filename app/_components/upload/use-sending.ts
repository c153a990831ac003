'use client';
import { useRouter } from 'next/navigation';
import { type Dispatch, useCallback, useEffect, useRef } from 'react';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { ArchiveReceipt } from '@/lib/schemas/uploads';
import { RequestError } from '../api/client';
import { toastError } from '../ui/toasts';
import { lookAtHealth } from '../frame/use-health';
import { receiptOf } from './receipt';
import { refreshReached } from './refresh-reached';
import { GIVE_UP, sendResumable } from './resumable';
import { Stopped, type SendProgress, sendFile } from './send';
import { type Upload, type UploadAction, chainsOf, isMoving } from './upload';
import { newProgressId, watchArchive } from './watch-archive';
import { watchVerdict } from './watch-verdict';

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
        const result = await send(upload, change, abort.signal);
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

async function send(
  upload: Upload,
  change: (next: Partial<Upload>) => void,
  signal: AbortSignal,
): Promise<ArchiveReceipt> {
  let progressId = newProgressId();
  const watching: { stop?: () => void } = {};
  const onWhole = (): void => {
    watching.stop ??= watchArchive(progressId, (taking) => change({ taking }));
  };
  // The server knows an upload in parts by the last part of its address.
  const onUrl = (url: string): void => {
    progressId = url.split('/').at(-1) ?? progressId;
  };
  try {
    return await sendWhole(upload, { change, signal, progressId, onUrl, onWhole });
  } finally {
    watching.stop?.();
  }
}

type Sending = {
  change: (next: Partial<Upload>) => void;
  signal: AbortSignal;
  progressId: string;
  onUrl: (url: string) => void;
  /** All of it was sent. */
  onWhole: () => void;
};

function sendWhole(
  { file, fingerprint, chain, left, sentBytes }: Upload,
  { change, signal, progressId, onUrl, onWhole }: Sending,
): Promise<ArchiveReceipt> {
  const onProgress = ({ sentBytes: sent, bytesPerSecond, whole }: SendProgress): void => {
    change({ sentBytes: sent, bytesPerSecond, phase: whole ? 'storing' : 'sending' });
    if (whole) onWhole();
  };
  const onHitch = (hitch: string | null): void => {
    change({ hitch });
    if (hitch) lookAtHealth();
  };
  // Its bytes are all with the server: the file is not needed any more.
  if (!file) {
    change({ phase: 'storing', error: null });
    onUrl(left?.url ?? '');
    onWhole();
    return receiptOf(left?.url ?? '', onHitch, signal);
  }
  change({ phase: 'sending', bytesPerSecond: 0, error: null, sentBytes: fingerprint === null ? 0 : sentBytes });
  return fingerprint === null
    ? sendFile(file, chain, progressId, onProgress, signal)
    : sendResumable({ file, fingerprint, chain, onProgress, onUrl, onHitch, signal });
}

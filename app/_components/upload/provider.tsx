'use client';
import { useRouter } from 'next/navigation';
import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { ChainDetail } from '@/lib/schemas/chains';
import { RequestError } from '../api/client';
import { DropZone } from './drop-zone';
import { gatherFolder, sendable } from './gather';
import { sendFile } from './send';
import { Tray } from './tray';
import { type Upload, chainsOf, isMoving, reduceUploads } from './upload';
import { watchVerdict } from './watch-verdict';

/** Files sent at the same time; the rest wait. */
const AT_ONCE = 2;

type Uploads = {
  /** Opens the file picker. */
  choose: () => void;
  /** Opens the folder picker. */
  chooseFolder: () => void;
  add: (files: Iterable<File>, chain: string | null) => void;
  /** The chain the page in view is about; dropped files may join it. */
  target: string | null;
  setTarget: (chain: string | null) => void;
};
const UploadsContext = createContext<Uploads | null>(null);

export function useUploads(): Uploads {
  const uploads = use(UploadsContext);
  if (!uploads) throw new Error('useUploads is used outside of the console');
  return uploads;
}

/** Takes files dropped anywhere in the console, sends them, and shows each until its verdict. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [uploads, dispatch] = useReducer(reduceUploads, []);
  const [target, setTarget] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const folderPicker = useRef<HTMLInputElement>(null);
  const aborts = useRef(new Map<number, AbortController>());
  const nextId = useRef(1);

  const add = useCallback((files: Iterable<File>, chain: string | null) => {
    const fresh = Array.from(files, (file): Upload => {
      nextId.current += 1;
      return { id: nextId.current, file, chain, phase: 'waiting', sentBytes: 0, bytesPerSecond: 0, result: null, chains: new Map(), error: null };
    });
    if (fresh.length > 0) dispatch({ type: 'add', uploads: fresh });
  }, []);

  const run = useCallback(
    async (upload: Upload) => {
      const abort = new AbortController();
      aborts.current.set(upload.id, abort);
      const change = (next: Partial<Upload>): void => dispatch({ type: 'change', id: upload.id, change: next });
      change({ phase: 'sending', sentBytes: 0, error: null });
      try {
        const result = await sendFile(
          upload.file,
          upload.chain,
          ({ sentBytes, bytesPerSecond, whole }) => change({ sentBytes, bytesPerSecond, phase: whole ? 'storing' : 'sending' }),
          abort.signal,
        );
        change({ phase: 'checking', result });
        router.refresh();
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
        router.refresh();
      } catch (cause) {
        const error = cause instanceof RequestError ? cause : new RequestError('It could not be followed to its verdict', cause instanceof Error ? cause.message : String(cause), 0, null);
        change({ phase: 'failed', error });
      } finally {
        aborts.current.delete(upload.id);
      }
    },
    [router],
  );

  useEffect(() => {
    const busy = uploads.filter(({ id }) => aborts.current.has(id)).filter(isMoving).length;
    const next = uploads.filter(({ id, phase }) => phase === 'waiting' && !aborts.current.has(id)).slice(0, Math.max(0, AT_ONCE - busy));
    for (const upload of next) void run(upload);
  }, [uploads, run]);

  const moving = uploads.some(isMoving);
  useEffect(() => {
    if (!moving) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [moving]);

  const value = useMemo<Uploads>(() => ({ choose: () => picker.current?.click(), chooseFolder: () => folderPicker.current?.click(), add, target, setTarget }), [add, target]);
  return (
    <UploadsContext value={value}>
      {children}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Logs to upload"
        onChange={(event) => {
          void sendable([...(event.target.files ?? [])]).then((files) => add(files, target));
          event.target.value = '';
        }}
      />
      <input
        ref={(input) => {
          folderPicker.current = input;
          // Every browser knows it; React's types do not.
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        aria-label="Folder to upload"
        onChange={(event) => {
          add(gatherFolder([...(event.target.files ?? [])]), target);
          event.target.value = '';
        }}
      />
      <DropZone target={target} onFiles={add} />
      <Tray
        uploads={uploads}
        onRetry={(id) => dispatch({ type: 'change', id, change: { phase: 'waiting', error: null, sentBytes: 0 } })}
        onRemove={(id) => {
          aborts.current.get(id)?.abort();
          dispatch({ type: 'remove', id });
        }}
        onClear={() => dispatch({ type: 'clear' })}
      />
    </UploadsContext>
  );
}

/** Names the chain a page is about while it is in view. */
export function UploadTarget({ chain }: { chain: string }) {
  const { setTarget } = useUploads();
  useEffect(() => {
    setTarget(chain);
    return () => setTarget(null);
  }, [chain, setTarget]);
  return null;
}

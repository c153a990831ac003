'use client';
import {
  type Dispatch,
  type ReactNode,
  type Ref,
  Suspense,
  createContext,
  lazy,
  use,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'react';
import type { FormatId } from '@/lib/core/chain/format';
import { useHasRole } from '../access/role';
import { sayError } from '../api/request-error';
import { toastError } from '../ui/toasts';
import { DropZone } from './drop-zone';
import { fingerprintOf } from './fingerprint';
import { Pickers, type PickersHandle } from './pickers';
import { FRESH, type Upload, type UploadAction, isMoving, reduceUploads } from './upload';
import { useLeft } from './use-left';
import { useSending } from './use-sending';

const Tray = lazy(() => import('./tray').then((loaded) => ({ default: loaded.Tray })));

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
  const [uploads, dispatch] = useReducer(reduceUploads, []);
  const [target, setTarget] = useState<string | null>(null);
  const pickers = useRef<PickersHandle>(null);
  const nextId = useRef(1);
  const newId = useCallback(() => (nextId.current += 1), []);
  const { stop, giveUp } = useSending(uploads, dispatch);
  useLeft(dispatch, newId);

  const add = useCallback(
    (files: Iterable<File>, chain: string | null) => {
      const fresh = Array.from(
        files,
        (file): Upload => ({
          ...FRESH,
          id: newId(),
          name: file.name,
          sizeBytes: file.size,
          file,
          fingerprint: fingerprintOf(file, chain),
          chain,
        }),
      );
      if (fresh.length > 0) dispatch({ type: 'add', uploads: fresh });
    },
    [newId],
  );

  useWarning(uploads);

  function remove(upload: Upload): void {
    dispatch({ type: 'remove', id: upload.id });
    // whole: it is the chain's now, or will be
    if (upload.phase === 'checking' || upload.phase === 'done') return stop(upload.id);
    giveUp(upload.id);
    if (upload.phase === 'sending' || upload.fingerprint === null) return;
    const { fingerprint, name } = upload;
    void import('./left')
      .then((left) => left.giveUp(fingerprint))
      .catch((error: unknown) => toastError(`${name} is not given up`, sayError(error)));
  }

  const value = useMemo<Uploads>(
    () => ({
      choose: () => pickers.current?.open('file', null),
      chooseFolder: () => pickers.current?.open('folder', null),
      add,
      target,
      setTarget,
    }),
    [add, target],
  );
  return (
    <UploadsContext value={value}>
      {children}
      <Takers pickers={pickers} target={target} onFiles={add} />
      {uploads.length > 0 && (
        <Suspense fallback={null}>
          <Tray
            uploads={uploads}
            onResume={({ id }) =>
              dispatch({ type: 'change', id, change: { phase: 'waiting', error: null, hitch: null } })
            }
            onPause={({ id }) => {
              stop(id);
              dispatch({ type: 'change', id, change: { phase: 'paused', hitch: null, bytesPerSecond: 0 } });
            }}
            onChoose={({ left }) => left && pickers.current?.open(left.kind, left)}
            onFormat={(upload, format) => sendAs(dispatch, upload, format)}
            onRemove={remove}
            onClear={() => dispatch({ type: 'clear' })}
          />
        </Suspense>
      )}
    </UploadsContext>
  );
}

type TakersProps = { pickers: Ref<PickersHandle>; target: string | null; onFiles: Uploads['add'] };

/** What files come in by, for those who may send logs. */
function Takers({ pickers, target, onFiles }: TakersProps) {
  if (!useHasRole('ingest')) return null;
  return (
    <>
      <Pickers ref={pickers} target={target} onFiles={onFiles} />
      <DropZone target={target} onFiles={onFiles} />
    </>
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

/** Sends a file again as what a person says it is, from the start: what the server has of it is known as something else. */
function sendAs(dispatch: Dispatch<UploadAction>, { id, fingerprint }: Upload, format: FormatId): void {
  const change = { format, phase: 'waiting', error: null, hitch: null, sentBytes: 0, left: null } as const;
  const begin = () => dispatch({ type: 'change', id, change });
  if (fingerprint === null) return begin();
  void import('./left').then((left) => left.forget(fingerprint)).then(begin);
}

/** What is sent in one piece is lost with the page, which the browser asks about; what is sent in parts can be gone on with. */
function useWarning(uploads: readonly Upload[]): void {
  const losable = uploads.some((upload) => isMoving(upload) && upload.fingerprint === null);
  useEffect(() => {
    if (!losable) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [losable]);
}

import type { FormatId } from '@/lib/core/chain/format';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { ArchiveProgress, ArchiveReceipt } from '@/lib/schemas/uploads';
import type { RequestError } from '../api/request-error';
import type { Left } from './left';

/** One file on its way: waiting, being sent, being stored, being checked, and what came of it. */
export type Upload = {
  id: number;
  name: string;
  sizeBytes: number;
  /** Null after the page was loaded again: the browser lets go of files. */
  file: File | null;
  /** Tells whether it is the same file to the same chain; null for one that is sent in one piece. */
  fingerprint: string | null;
  /** Name of the chain it goes to; null: its own. */
  chain: string | null;
  /** What a person says it is; null: what it is recognised as. */
  format: FormatId | null;
  /** `left`: begun before the page was loaded, and waiting for its file to be chosen again. */
  phase: 'left' | 'waiting' | 'sending' | 'paused' | 'storing' | 'checking' | 'done' | 'failed';
  sentBytes: number;
  /** Over the last seconds; 0 until known. */
  bytesPerSecond: number;
  /** Why it stands still although it is tried again by itself; null while it goes on. */
  hitch: string | null;
  /** Where the server keeps what came before the page was loaded. */
  left: Left | null;
  /** How far the archive is taken in, once all of it was sent; null when that is not known. */
  taking: ArchiveProgress | null;
  /** What became of the file, or of every file in it. */
  result: ArchiveReceipt | null;
  /** The chains it went to as they stand, by id. */
  chains: ReadonlyMap<string, ChainDetail>;
  error: RequestError | null;
};

export type UploadAction =
  | { type: 'add'; uploads: Upload[] }
  | { type: 'change'; id: number; change: Partial<Upload> }
  | { type: 'remove'; id: number }
  | { type: 'clear' };

/** What every upload begins with. */
export const FRESH = {
  format: null,
  phase: 'waiting',
  sentBytes: 0,
  bytesPerSecond: 0,
  hitch: null,
  left: null,
  taking: null,
  result: null,
  chains: new Map(),
  error: null,
} satisfies Partial<Upload>;

/** True while bytes of it are to be sent or stored without anybody's doing. */
export function isMoving({ phase }: Upload): boolean {
  return phase === 'waiting' || phase === 'sending' || phase === 'storing';
}

/** True when nothing more will happen to it by itself. */
export function isSettled({ phase }: Upload): boolean {
  return phase === 'done' || phase === 'failed';
}

/** True while it waits for somebody to go on with it. */
export function isHeld({ phase }: Upload): boolean {
  return phase === 'paused' || phase === 'left';
}

export function reduceUploads(uploads: readonly Upload[], action: UploadAction): readonly Upload[] {
  switch (action.type) {
    case 'add':
      return action.uploads.reduce(join, uploads);
    case 'change':
      return uploads.map((upload) => (upload.id === action.id ? { ...upload, ...action.change } : upload));
    case 'remove':
      return uploads.filter((upload) => upload.id !== action.id);
    case 'clear':
      return uploads.filter((upload) => !isSettled(upload));
  }
}

/** A file that was begun and is held is gone on with; one that is on its way already is not sent twice. */
function join(uploads: readonly Upload[], added: Upload): readonly Upload[] {
  const same =
    added.fingerprint === null
      ? undefined
      : uploads.find(
          (upload) =>
            upload.fingerprint === added.fingerprint && upload.phase !== 'done' && upload.phase !== 'checking',
        );
  if (!same) return [...uploads, added];
  if (isMoving(same) || added.phase === 'left') return uploads;
  return uploads.map((upload) =>
    upload === same ? { ...upload, file: added.file, phase: added.phase, error: null, hitch: null } : upload,
  );
}

/** Chains a result concerns, each once. */
export function chainsOf({ uploads, sidecars }: ArchiveReceipt): string[] {
  return [...new Set([...uploads, ...sidecars].map(({ chainId }) => chainId))];
}

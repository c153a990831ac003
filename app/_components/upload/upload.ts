import type { ChainDetail } from '@/lib/schemas/chains';
import type { ArchiveReceipt } from '@/lib/schemas/uploads';
import type { RequestError } from '../api/client';

/** One file on its way: waiting, being sent, being stored, being checked, and what came of it. */
export type Upload = {
  id: number;
  file: File;
  /** Name of the chain it goes to; null: its own. */
  chain: string | null;
  phase: 'waiting' | 'sending' | 'storing' | 'checking' | 'done' | 'failed';
  sentBytes: number;
  /** Over the last seconds; 0 until known. */
  bytesPerSecond: number;
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

/** True while closing the page would lose something. */
export function isMoving(upload: Upload): boolean {
  return upload.phase === 'waiting' || upload.phase === 'sending' || upload.phase === 'storing';
}

/** True when nothing more will happen to it by itself. */
export function isSettled(upload: Upload): boolean {
  return upload.phase === 'done' || upload.phase === 'failed';
}

export function reduceUploads(uploads: readonly Upload[], action: UploadAction): readonly Upload[] {
  switch (action.type) {
    case 'add':
      return [...uploads, ...action.uploads];
    case 'change':
      return uploads.map((upload) => (upload.id === action.id ? { ...upload, ...action.change } : upload));
    case 'remove':
      return uploads.filter((upload) => upload.id !== action.id);
    case 'clear':
      return uploads.filter((upload) => !isSettled(upload));
  }
}

/** Chains a result concerns, each once. */
export function chainsOf({ uploads, sidecars }: ArchiveReceipt): string[] {
  return [...new Set([...uploads, ...sidecars].map(({ chainId }) => chainId))];
}

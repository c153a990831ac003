import { useEffect, useRef, useState } from 'react';
import { sayError } from '@/app/_components/api/request-error';
import { formatBytes } from '@/app/_components/format/bytes';
import { toast, toastError } from '@/app/_components/ui/toasts';
import type { Saved } from './save-found';

/** A file that is being saved, and how far it is. */
export type Saving = { name: string; saved: Saved };

/** The figures change this often at most. */
const SHOW_MS = 200;

export function canKeepFiles(): boolean {
  return typeof FileSystemFileHandle !== 'undefined' && 'createWritable' in FileSystemFileHandle.prototype;
}

/** One export at a time, which ends with what shows it. */
export function useSaving(): {
  now: Saving | null;
  save: (path: string, name: string) => Promise<void>;
  stop: () => void;
} {
  const [now, setNow] = useState<Saving | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  async function save(path: string, name: string): Promise<void> {
    const abort = new AbortController();
    running.current = abort;
    setNow({ name, saved: { bytes: 0, lines: 0 } });
    let shownMs = 0;
    const onProgress = (saved: Saved): void => {
      if (performance.now() - shownMs < SHOW_MS) return;
      shownMs = performance.now();
      setNow({ name, saved });
    };
    try {
      const { saveFound } = await import('./save-found');
      const { bytes } = await saveFound(path, name, { signal: abort.signal, onProgress });
      toast(`${name} saved`, { description: formatBytes(bytes) });
    } catch (error) {
      if (abort.signal.aborted) toast('Export stopped', { description: 'Nothing of it was saved.' });
      else toastError('Nothing was saved', sayError(error));
    } finally {
      setNow(null);
    }
  }
  return { now, save, stop: () => running.current?.abort() };
}

import { ArchiveProgress } from '@/lib/schemas/uploads';
import { api } from '../api/client';

const EVERY_MS = 1_000;

/** Asks again and again how far an archive is taken in; what it gives ends that. */
export function watchArchive(id: string, onProgress: (progress: ArchiveProgress) => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let isOver = false;
  const ask = async (): Promise<void> => {
    const progress = await api(ArchiveProgress.nullable(), `/api/v1/upload-progress/${id}`).catch(() => null); // the upload itself tells what is wrong
    if (isOver) return;
    if (progress) onProgress(progress);
    timer = setTimeout(() => void ask(), EVERY_MS);
  };
  timer = setTimeout(() => void ask(), EVERY_MS);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** An id to ask by; also where the page is not served over TLS. */
export function newProgressId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

import { NEWLINE } from '@/lib/core/bytes/newline';
import { toRequestError } from '../api/problem';
import { RequestError } from '../api/request-error';

/** Folder of this page's files on the disk of the browser. */
const FOLDER = 'exports';
/** How long a file is kept for the browser to copy it to where downloads go. */
const KEPT_MS = 24 * 3600 * 1000;

/** How far it has come; `lines` as they were received. */
export type Saved = { bytes: number; lines: number };

/**
 * Saves what a path answers under a name, through a file on the disk of the browser, so that it costs no memory. Nothing is left of one that
 * is ended by the signal, or that the server did not send to its end. @throws RequestError, or the reason of the signal.
 */
export async function saveFound(
  path: string,
  name: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (saved: Saved) => void },
): Promise<Saved> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  await dropOld(folder);
  const kept = `${Date.now()}-${crypto.randomUUID()}`;
  const file = await folder.getFileHandle(kept, { create: true });
  try {
    const body = await answerOf(path, signal);
    const saved: Saved = { bytes: 0, lines: 0 };
    const count = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        saved.bytes += chunk.byteLength;
        for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) saved.lines += 1;
        onProgress({ ...saved });
        controller.enqueue(new Uint8Array(chunk));
      },
    });
    await body.pipeThrough(count).pipeTo(await file.createWritable(), { signal });
    hand(await file.getFile(), name);
    return saved;
  } catch (error) {
    await folder.removeEntry(kept).catch(() => undefined); // the next export drops it
    if (signal.aborted || error instanceof RequestError) throw error;
    throw new RequestError(
      'The file was not saved',
      'The connection, or the disk of this browser, failed before its end. Nothing was saved; try again.',
      0,
      null,
    );
  }
}

async function answerOf(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(path, { signal });
  if (!response.ok || !response.body) throw toRequestError(response.status, await response.text());
  return response.body;
}

/** Gives a file to the browser, as a download. */
function hand(file: File, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

async function dropOld(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const name of folder.keys())
    if (Date.now() - Number.parseInt(name, 10) > KEPT_MS) await folder.removeEntry(name).catch(() => undefined); // another page is at it
}

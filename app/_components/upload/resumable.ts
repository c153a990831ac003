import type { DetailedError, Upload as TusUpload } from 'tus-js-client';
import type { FormatId } from '@/lib/core/chain/format';
import { ArchiveReceipt } from '@/lib/schemas/uploads';
import { toRequestError } from '../api/problem';
import { RequestError } from '../api/request-error';
import { forget, giveUp } from './left';
import { RETRY_MS, hitchOf, isPassing, receiptOf } from './receipt';
import { type SendProgress, speedometer } from './send';
import { GIVE_UP, Stopped } from './stopped';
import { holdSender } from './sender-lock';

/** A cut costs at most this much again. */
const PART_BYTES = 8 * 1024 * 1024;

type Sending = {
  file: File;
  fingerprint: string;
  chain: string | null;
  format: FormatId | null;
  onProgress: (progress: SendProgress) => void;
  /** Where the server keeps it. */
  onUrl: (url: string) => void;
  /** Why it stands still; null: it goes on. */
  onHitch: (hitch: string | null) => void;
  signal: AbortSignal;
};

/**
 * Sends a file in parts, from where it stopped when it was begun before, and gives the receipt once it is stored. Cuts of the connection
 * and restarts of the server are waited out.
 * @throws RequestError when it is refused, when the file changed meanwhile, and when an hour of tries brought nothing; also when `signal` fired
 */
export async function sendResumable(sending: Sending): Promise<ArchiveReceipt> {
  const { fingerprint, onHitch, signal } = sending;
  const letGo = holdSender(fingerprint);
  try {
    for (;;) {
      const { url, receipt } = await attempt(sending);
      const found = receipt ?? (await receiptOf(url, onHitch, signal).catch(unknown));
      forget(fingerprint);
      if (found) return found;
    }
  } catch (error) {
    if (error instanceof RequestError && [400, 413, 422].includes(error.status)) forget(fingerprint);
    throw error;
  } finally {
    letGo();
  }
}

/** An upload that is neither there nor ingested begins again. */
function unknown(error: unknown): null {
  if (error instanceof RequestError && (error.status === 404 || error.status === 410)) return null;
  throw error;
}

/** Sends until the server has all bytes, or says that it does not know the upload any more. */
async function attempt(sending: Sending): Promise<{ url: string; receipt: ArchiveReceipt | null }> {
  const { file, fingerprint, chain, format, onProgress, onUrl, onHitch, signal } = sending;
  const tus = await import('tus-js-client');
  return new Promise((resolve, reject) => {
    let speed = speedometer();
    let acceptedBytes = 0;
    const upload = new tus.Upload(file, {
      endpoint: new URL('/api/v1/resumable', window.location.origin).href,
      fingerprint: () => Promise.resolve(fingerprint),
      metadata: { filename: file.name, ...(chain !== null && { chain }), ...(format !== null && { format }) },
      chunkSize: PART_BYTES,
      retryDelays: [...RETRY_MS],
      onUploadUrlAvailable: () => {
        if (upload.url !== null) onUrl(upload.url);
        if (signal.aborted) stop();
      },
      onProgress: (sentBytes) => {
        onHitch(null);
        onProgress({ sentBytes, bytesPerSecond: speed(sentBytes, performance.now()), whole: sentBytes >= file.size });
      },
      onChunkComplete: (_size, accepted) => {
        acceptedBytes = accepted;
      },
      // An upload that is not there is not begun again before its receipt was asked for.
      onAfterResponse: (request, response) => {
        const status = response.getStatus();
        if (request.getMethod() === 'HEAD' && status >= 400 && !isPassing(status))
          throw new RequestError('The upload cannot be gone on with', 'The server does not know it.', status, null);
      },
      onShouldRetry: (error) => {
        const { status } = toError(error);
        if (!isPassing(status) || (signal.aborted && error.originalRequest.getMethod() !== 'DELETE')) return false;
        speed = speedometer();
        onHitch(hitchOf(toError(error)));
        if (status === 0)
          void stillReadable(file, acceptedBytes).catch(
            (cause: RequestError) => void upload.abort().then(() => reject(cause)),
          ); // of no other sort
        return true;
      },
      onError: (error) => {
        const said =
          error instanceof tus.DetailedError
            ? toError(error)
            : new RequestError('It could not be sent', error.message, 0, null);
        if (signal.aborted && upload.url === null) reject(new Stopped());
        else if (said.status === 404 || said.status === 410) resolve({ url: upload.url ?? '', receipt: null });
        else reject(said);
      },
      onSuccess: ({ lastResponse }) => {
        onProgress({ sentBytes: file.size, bytesPerSecond: 0, whole: true });
        resolve({ url: upload.url ?? '', receipt: readReceipt(lastResponse.getBody()) });
      },
    });
    const stop = (): void => {
      if (upload.url === null) return; // being created, and without an address to drop it by: once it has one
      drop(upload, sending).then(
        () => reject(new Stopped()),
        (error: unknown) =>
          reject(error instanceof tus.DetailedError && !isGone(error) ? toError(error) : new Stopped()),
      );
    };
    signal.addEventListener('abort', stop, { once: true });
    start(upload, sending).catch(reject);
  });
}

/** Sends from where it stopped when it was begun before. */
async function start(upload: TusUpload, { fingerprint, signal }: Sending): Promise<void> {
  const [previous] = await upload.findPreviousUploads();
  if (signal.aborted) {
    if (signal.reason === GIVE_UP) await giveUp(fingerprint);
    throw new Stopped();
  }
  if (previous) upload.resumeFromPreviousUpload(previous);
  upload.start();
}

/** Sends no more. When it is given up, what came is deleted on the server. */
async function drop(upload: TusUpload, { fingerprint, signal }: Sending): Promise<void> {
  const isGivenUp = signal.reason === GIVE_UP;
  await upload.abort(isGivenUp);
  if (isGivenUp) forget(fingerprint);
}

function isGone(error: DetailedError): boolean {
  return error.originalResponse?.getStatus() === 404;
}

function toError(error: DetailedError): RequestError {
  if (error.causingError instanceof RequestError) return error.causingError;
  const response = error.originalResponse;
  if (response?.getStatus() === 401)
    return new RequestError(
      'You are signed out',
      'Sign in in another tab and try again: what has come is kept.',
      401,
      null,
    );
  return response
    ? toRequestError(response.getStatus(), response.getBody())
    : new RequestError('The connection broke', 'What has come is kept. Try again to go on from there.', 0, null);
}

function readReceipt(body: string): ArchiveReceipt | null {
  if (!body) return null;
  const { success, data } = ArchiveReceipt.safeParse(JSON.parse(body));
  return success ? data : null;
}

/** A browser does not say of a request that failed that it was for the file. @throws RequestError when its bytes cannot be read any more */
async function stillReadable(file: File, fromBytes: number): Promise<void> {
  try {
    await file.slice(fromBytes, fromBytes + PART_BYTES).arrayBuffer();
  } catch {
    throw new RequestError(
      'The file cannot be read any more',
      'It was changed, moved or deleted since it was chosen. Choose it again.',
      0,
      null,
    );
  }
}

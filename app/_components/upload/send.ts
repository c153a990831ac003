import { ArchiveReceipt } from '@/lib/schemas/uploads';
import { Stopped } from './stopped';
import type { Upload } from './upload';
import { toRequestError } from '../api/problem';
import { RequestError } from '../api/request-error';

export type SendProgress = { sentBytes: number; bytesPerSecond: number; whole: boolean };

/**
 * Sends a file's bytes as they are and gives the receipt once they are stored.
 * How far an archive is taken in can be asked by `progressId`. XMLHttpRequest because fetch cannot say how much has been sent.
 * @throws RequestError; status 0 when the connection broke or `signal` fired
 */
export function sendFile(
  { file, chain, format }: Pick<Upload, 'chain' | 'format'> & { file: File },
  progressId: string,
  onProgress: (progress: SendProgress) => void,
  signal: AbortSignal,
): Promise<ArchiveReceipt> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = `?progress=${progressId}${chain === null ? '' : `&chain=${encodeURIComponent(chain)}`}${format === null ? '' : `&format=${format}`}`;
    request.open('POST', `/api/v1/uploads/${encodeURIComponent(file.name)}${query}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    const speed = speedometer();
    request.upload.onprogress = ({ loaded }) =>
      onProgress({ sentBytes: loaded, bytesPerSecond: speed(loaded, performance.now()), whole: loaded >= file.size });
    request.upload.onload = () =>
      onProgress({ sentBytes: file.size, bytesPerSecond: speed(file.size, performance.now()), whole: true });
    request.onload = () => {
      if (request.status < 200 || request.status > 299)
        return reject(toRequestError(request.status, request.responseText));
      try {
        resolve(ArchiveReceipt.parse(JSON.parse(request.responseText)));
      } catch (cause) {
        reject(
          new RequestError(
            'The receipt could not be read',
            cause instanceof Error ? cause.message : '',
            request.status,
            null,
          ),
        );
      }
    };
    request.onerror = () =>
      reject(
        new RequestError(
          'The connection broke',
          'Nothing of this file was kept. Try again: bytes that are already stored are recognised.',
          0,
          null,
        ),
      );
    request.onabort = () => reject(new Stopped());
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/** Bytes per second over the last three seconds. */
export function speedometer(): (bytes: number, atMs: number) => number {
  const samples: { bytes: number; atMs: number }[] = [];
  return (bytes, atMs) => {
    samples.push({ bytes, atMs });
    while (samples.length > 2 && (samples[0]?.atMs ?? atMs) < atMs - 3000) samples.shift();
    const first = samples[0];
    return !first || atMs - first.atMs < 50 ? 0 : ((bytes - first.bytes) * 1000) / (atMs - first.atMs);
  };
}

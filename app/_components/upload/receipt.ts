import { ArchiveReceipt } from '@/lib/schemas/uploads';
import { api } from '../api/client';
import { RequestError } from '../api/request-error';

/** Waits between tries: soon at first, for an hour in all. */
export const RETRY_MS: readonly number[] = [500, 1000, 2000, 4000, 8000, ...Array.from({ length: 240 }, () => 15_000)];

/** True when the same request may succeed later. A full disk is for a person to see to. */
export function isPassing(status: number): boolean {
  return status === 0 || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507);
}

/** Why it stands still, in words. */
export function hitchOf(error: RequestError): string {
  return error.status === 0 ? 'The server does not answer' : error.sentence.replace(/[.!?]$/, '');
}

/** The receipt of an upload whose bytes are all with the server, which may take them in only now. @throws RequestError */
export async function receiptOf(
  url: string,
  onHitch: (hitch: string | null) => void,
  signal: AbortSignal,
): Promise<ArchiveReceipt> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await api(ArchiveReceipt, url, { signal });
    } catch (error) {
      const waitMs = RETRY_MS[attempt];
      if (!(error instanceof RequestError) || !isPassing(error.status) || waitMs === undefined) throw error;
      onHitch(hitchOf(error));
      await new Promise((done) => setTimeout(done, waitMs));
    }
  }
}

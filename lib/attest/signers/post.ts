import 'server-only';
import { AppError } from '../../core/errors';
import { isPassingStatus, signingFailure } from './failure';

/** Rekor 2 answers once a checkpoint covers the entry, which takes it seconds. */
export const SERVICE_TIMEOUT_MS = 30_000;
/** Within one signing; the job that asked for it comes back later. */
export const SERVICE_RETRY = { retries: 2, minTimeout: 250 };
const SHOWN_CHARS = 300;

/** The answer's bytes. @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED. */
export async function post(
  url: string,
  { body, type, accept }: { body: string | Uint8Array<ArrayBuffer>; type: string; accept: string },
): Promise<Buffer> {
  let response: Response;
  let bytes: Buffer;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': type, Accept: accept },
      body,
      signal: AbortSignal.timeout(SERVICE_TIMEOUT_MS),
    });
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw signingFailure(error, `${url} does not answer`);
  }
  if (response.ok) return bytes;
  const said = bytes.subarray(0, SHOWN_CHARS).toString('utf8').trim();
  throw new AppError(
    isPassingStatus(response.status) ? 'SIGNING_UNAVAILABLE' : 'SIGNING_FAILED',
    `${url} answers ${response.status}: ${said || response.statusText}`,
  );
}

import type { Reader } from '@/lib/schemas/browser/reader';
import { RequestError } from './request-error';

/** Calls our API. `schema` null when nothing is read of the answer. Throws `RequestError`. */
export async function api<T>(
  schema: Reader<T> | null,
  path: string,
  init: {
    method?: string;
    body?: unknown;
    /** Sent as it is, instead of a body that is JSON. */
    file?: Blob;
    signal?: AbortSignal;
    /** Goes on when the page is left. */
    keepalive?: boolean;
  } = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: init.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.file ? { body: init.file } : init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
      ...(init.keepalive ? { keepalive: true } : {}),
    });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new RequestError(
      'Sealtrail cannot be reached',
      'The connection failed before an answer came. Nothing was lost; try again.',
      0,
      null,
    );
  }
  const text = await response.text();
  // loaded only when something went wrong
  if (!response.ok) throw (await import('./problem')).toRequestError(response.status, text);
  return schema ? schema.parse(text === '' ? undefined : JSON.parse(text)) : (undefined as T); // nothing is read of it
}

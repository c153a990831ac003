import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as z from 'zod';
import type { Answer, Sink } from './sink';

const gzipped = promisify(gzip);
/** Smaller bodies are sent as they are. */
const PACK_FROM_BYTES = 4 * 1024;
/** What an answer is waited for at most. */
const PATIENCE_MS = 60_000;

const Acknowledged = z.object({ offset: z.number().int(), head: z.string().nullable() });
const Refused = z
  .object({
    title: z.string(),
    detail: z.string(),
    code: z.string(),
    offset: z.number().int(),
    head: z.string(),
    sealedAt: z.string(),
    limitBytes: z.number(),
  })
  .partial();
type Refused = z.infer<typeof Refused>;

/** Appends over HTTP to a Sealtrail at `url` with a token that may ingest. */
export function httpSink({ url, token }: { url: string; token: string }): Sink {
  const base = url.replace(/\/+$/, '');
  const at = (chain: string, what: string) => `${base}/api/v1/chains/${encodeURIComponent(chain)}/${what}`;
  const send = (
    target: string,
    headers: Record<string, string>,
    body: Buffer<ArrayBuffer> | string,
    signal: AbortSignal,
  ) =>
    fetch(target, {
      method: 'POST',
      redirect: 'manual',
      headers: { Authorization: `Bearer ${token}`, ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
  return {
    async append({ chain, format, offset, bytes, lagBytes }, signal) {
      const isPacked = bytes.length >= PACK_FROM_BYTES;
      const body = isPacked ? await gzipped(bytes, { level: 1 }) : bytes;
      const sha256 = createHash('sha256').update(body).digest();
      const headers = {
        'Content-Type': 'application/x-ndjson',
        ...(isPacked && { 'Content-Encoding': 'gzip' }),
        'Content-Digest': `sha-256=:${sha256.toString('base64')}:`,
        'Upload-Offset': String(offset),
        'Upload-Lag': String(lagBytes),
        'Idempotency-Key': `${offset}-${sha256.toString('hex')}`,
      };
      try {
        const response = await send(
          `${at(chain, 'records')}${format ? `?format=${encodeURIComponent(format)}` : ''}`,
          headers,
          body,
          signal,
        );
        return await answerOf(response);
      } catch (error) {
        return { kind: 'later', message: `${base} does not answer: ${reason(error)}`, afterMs: null, everything: true };
      }
    },
    async alarm(chain, alarm, signal) {
      try {
        const response = await send(
          at(chain, 'alarms'),
          { 'Content-Type': 'application/json' },
          JSON.stringify(alarm),
          signal,
        );
        await response.arrayBuffer();
        return response.ok;
      } catch {
        return false; // it is told again
      }
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  if (response.status === 200) {
    const acknowledged = Acknowledged.safeParse(jsonOf(text));
    return acknowledged.success
      ? { kind: 'accepted', ...acknowledged.data }
      : { kind: 'refused', message: 'what answered is no Sealtrail: its 200 holds no receipt' };
  }
  const reported = Refused.safeParse(jsonOf(text)).data ?? {};
  return refusalOf(response.status, reported, response.headers);
}

/** Exported for the tests of what each status means. */
export function refusalOf(status: number, reported: Refused, headers: Headers): Answer {
  const why = reported.detail ?? reported.title ?? `HTTP ${status}`;
  if (status === 409 && reported.sealedAt !== undefined) return { kind: 'refused', message: why };
  if (status === 409 && reported.offset !== undefined)
    return { kind: 'conflict', offset: reported.offset, head: reported.head ?? null };
  if (status === 401) return { kind: 'refused', message: `the token is not accepted: ${why}` };
  if (status === 403) return { kind: 'refused', message: `the token may not append: ${why}` };
  if (status >= 300 && status < 400)
    return {
      kind: 'refused',
      message: `the address leads elsewhere (${headers.get('location') ?? status}): name that with --to`,
    };
  if (status === 408 || status === 425 || status === 429 || status >= 500 || reported.code === 'DIGEST_MISMATCH') {
    return {
      kind: 'later',
      message: why,
      afterMs: retryAfterMs(headers.get('retry-after')),
      everything: status >= 500,
    };
  }
  if (status === 413) return { kind: 'refused', message: why, ofBytes: true };
  return {
    kind: 'refused',
    message: status === 404 && reported.code === undefined ? `there is no Sealtrail at this address: ${why}` : why,
  };
}

/** RFC 9110 section 10.2.3: seconds or a date. */
function retryAfterMs(field: string | null): number | null {
  if (field === null) return null;
  const ms = /^\d+$/.test(field.trim()) ? Number(field) * 1000 : Date.parse(field) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 3600_000) : null;
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no answer of ours
  }
}

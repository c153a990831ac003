import 'server-only';
import { createHash } from 'node:crypto';

/** For a minute nobody asks again, and afterwards only whether it is the same. */
const CACHED = 'public, max-age=60';

/** Public text that changes with a new version of Sealtrail: 304 for a client that has it already. */
export function cachedText(request: Request, text: string, type: string): Response {
  const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
  const headers = { ETag: etag, 'Cache-Control': CACHED, 'Access-Control-Allow-Origin': '*' };
  const known = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, 'Content-Type': type } });
}

import { createReadStream, readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { acceptedEncoding, type Encoding } from './accepted';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'application/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
  '.svg': 'image/svg+xml',
};
const SUFFIX = { br: '.br', gzip: '.gz' } as const satisfies Record<Encoding, string>;

type Served = { type: string; variants: Partial<Record<Encoding, { file: string; sizeBytes: number }>> };

/**
 * Answers for what the build compressed, by the name a browser asks for. Names carry a digest of their content: they are kept for ever.
 * Returns false when the request is for another thing, or from a client that reads no encoding.
 */
export function staticFiles(folder: string): (request: IncomingMessage, response: ServerResponse) => boolean {
  const served = compressedIn(folder);
  return (request, response) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || request.headers.range) return false;
    const [address = ''] = (request.url ?? '').split('?');
    const known = served.get(address);
    const encoding = acceptedEncoding(request.headers['accept-encoding'] as string | undefined); // one header, joined
    const variant = encoding && known?.variants[encoding];
    if (!known || !variant) return false;
    response.writeHead(200, {
      'Content-Type': known.type,
      'Content-Encoding': encoding,
      'Content-Length': variant.sizeBytes,
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
    if (request.method === 'HEAD') response.end();
    else pipeline(createReadStream(variant.file), response, () => undefined); // a client that goes has ended it
    return true;
  };
}

function compressedIn(folder: string): Map<string, Served> {
  const served = new Map<string, Served>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[path.extname(name)];
    if (!type) continue;
    const variants: Served['variants'] = {};
    for (const encoding of ['br', 'gzip'] as const) {
      const file = path.join(folder, `${name}${SUFFIX[encoding]}`);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat) variants[encoding] = { file, sizeBytes: stat.size };
    }
    served.set(`/_next/static/${name.split(path.sep).map(encodeURIComponent).join('/')}`, { type, variants });
  }
  return served;
}

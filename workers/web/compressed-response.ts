import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type BrotliCompress, type Gzip, constants, createBrotliCompress, createGzip } from 'node:zlib';
import { type Encoding, acceptedEncoding } from './accepted';

/** Pages and what they fetch. Event streams, rows and bytes of logs go out as they come: whoever reads those reads them as they are written. */
const COMPRESSED =
  /^(text\/(html|css|javascript|x-component)|application\/(json|problem\+json|javascript)|image\/svg\+xml) *(;|$)/i;
/** Below it an encoding saves nothing. */
const MIN_BYTES = 1024;

type Done = (error?: Error | null) => void;

/** Compresses what pages are made of, chunk by chunk as it is written: the frame of a page arrives before the rest of it. */
export class CompressedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  #encoder: BrotliCompress | Gzip | null = null;
  #decided = false;

  override writeHead(
    status: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    this.statusCode = status;
    for (const [name, value] of entries(typeof reason === 'string' ? headers : reason)) this.setHeader(name, value);
    this.#decide();
    return typeof reason === 'string' ? super.writeHead(status, reason) : super.writeHead(status);
  }

  override write(chunk: string | Uint8Array, encoding?: BufferEncoding | Done, callback?: Done): boolean {
    this.#decide();
    const [as, done] = typeof encoding === 'function' ? [undefined, encoding] : [encoding, callback];
    if (!this.#encoder) return as ? super.write(chunk, as, done) : super.write(chunk, done);
    return as ? this.#encoder.write(chunk, as, done) : this.#encoder.write(chunk, done);
  }

  override end(
    chunk?: string | Uint8Array | null | (() => void),
    encoding?: BufferEncoding | (() => void),
    callback?: () => void,
  ): this {
    const done = [chunk, encoding, callback].find((given) => typeof given === 'function');
    const last = typeof chunk === 'function' ? null : chunk;
    const as = typeof encoding === 'string' ? encoding : 'utf8';
    if (last != null) this.#decide(typeof last === 'string' ? Buffer.byteLength(last, as) : last.byteLength);
    if (!this.#encoder) return last == null ? super.end(done) : super.end(last, as, done);
    if (done) this.once('finish', done);
    if (last == null) this.#encoder.end();
    else this.#encoder.end(last, as);
    return this;
  }

  /** What was written so far leaves now. Next calls it behind each part of a page. */
  flush(): void {
    this.#encoder?.flush();
  }

  /** Once, before the head is sent. `wholeBytes` is given when the body is known to its end. */
  #decide(wholeBytes?: number): void {
    if (this.#decided || this.headersSent) return;
    this.#decided = true;
    if (!COMPRESSED.test(String(this.getHeader('content-type') ?? ''))) return;
    this.appendHeader('Vary', 'Accept-Encoding');
    const encoding = acceptedEncoding(this.req.headers['accept-encoding'] as string | undefined); // one header, joined
    const bytes = wholeBytes ?? Number(this.getHeader('content-length') ?? Number.POSITIVE_INFINITY);
    if (!encoding || bytes < MIN_BYTES || !this.#mayBeEncoded()) return;
    this.setHeader('Content-Encoding', encoding);
    this.removeHeader('Content-Length');
    const tag = this.getHeader('etag');
    if (typeof tag === 'string' && !tag.startsWith('W/')) this.setHeader('ETag', `W/${tag}`);
    this.#encoder = this.#through(encoding);
  }

  #mayBeEncoded(): boolean {
    const hasBody = this.req.method !== 'HEAD' && ![204, 206, 304].includes(this.statusCode);
    const isFile = String(this.getHeader('content-disposition') ?? '').startsWith('attachment');
    const isFixed = /no-transform/i.test(String(this.getHeader('cache-control') ?? ''));
    return hasBody && !isFile && !isFixed && !this.hasHeader('content-encoding') && !this.hasHeader('content-range');
  }

  /** An encoder whose output leaves no faster than the client takes it. */
  #through(encoding: Encoding): BrotliCompress | Gzip {
    const encoder =
      encoding === 'gzip'
        ? createGzip({ level: 6 })
        : createBrotliCompress({
            params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 19 },
          });
    encoder.on('data', (chunk: Buffer) => {
      if (!super.write(chunk)) encoder.pause();
    });
    encoder.on('drain', () => this.emit('drain'));
    encoder.on('end', () => super.end());
    encoder.on('error', (error) => this.destroy(error));
    this.on('drain', () => encoder.resume());
    this.on('close', () => encoder.destroy());
    return encoder;
  }
}

/** Headers given as an object, or as names and values in turn. */
function entries(
  headers: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined,
): [string, number | string | string[]][] {
  if (Array.isArray(headers))
    return headers.flatMap((name, at) => {
      const value = headers[at + 1];
      return at % 2 === 0 && value !== undefined ? [[String(name), value] as [string, OutgoingHttpHeader]] : [];
    });
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, OutgoingHttpHeader]],
  );
}

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { EngineError } from './engine-error';
import { MAX_STATEMENT_BYTES, type Surroundings } from './pool';

export type LakeRequest = {
  readonly sql: string;
  /** Rows of an INSERT that follow the statement; null when the whole body was the statement. */
  readonly rows: Readable | null;
  readonly around: Surroundings;
  readonly queryId: string;
  readonly defaultFormat: string;
  readonly compressAnswer: boolean;
};

/** Reads one request of ClickHouse's HTTP interface. Throws EngineError for what is no such request. */
export async function readRequest(request: IncomingMessage, queryId: string): Promise<LakeRequest> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const fields = new Map(url.searchParams);
  const body = decompressed(request);
  const inUrl = fields.get('query');
  const multipart = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
  if (multipart) for (const [name, value] of await readForm(request, body)) fields.set(name, value);
  const text = inUrl === undefined && !multipart ? (await collect(body)).toString('utf8') : '';
  return {
    sql: multipart ? ([inUrl, fields.get('query')].filter((part) => part !== undefined).at(-1) ?? '') : (inUrl ?? text),
    rows: inUrl !== undefined && !multipart && request.method === 'POST' ? body : null,
    around: surroundings(fields, headerValue(request, 'x-clickhouse-database')),
    queryId: fields.get('query_id') ?? queryId,
    defaultFormat: fields.get('default_format') ?? headerValue(request, 'x-clickhouse-format') ?? 'TabSeparated',
    compressAnswer: fields.get('enable_http_compression') === '1',
  };
}

function surroundings(fields: ReadonlyMap<string, string>, databaseHeader: string | undefined): Surroundings {
  const settings = new Map<string, string>();
  const params = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value);
    else if (!OF_THE_INTERFACE.has(name)) settings.set(name, value);
  }
  return { database: fields.get('database') || databaseHeader || 'default', settings, params };
}

/** Fields that address the server and not the engine: they would be unknown settings to it. */
const OF_THE_INTERFACE: ReadonlySet<string> = new Set([
  'query',
  'database',
  'query_id',
  'default_format',
  'session_id',
  'session_timeout',
  'session_check',
  'role',
  'user',
  'password',
  'quota_key',
  'compress',
  'decompress',
  'stacktrace',
  'close_session',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_zlib_compression_level',
  'http_response_buffer_size',
  'http_native_compression_disable_checksumming_on_decompress',
  'cancel_http_readonly_queries_on_client_close',
]);

function decompressed(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const decoders = { gzip: createGunzip, deflate: createInflate, zstd: createZstdDecompress } as const;
  if (encoding === 'identity') return request;
  if (!(encoding in decoders)) throw new EngineError(36, 'BAD_ARGUMENTS', `Unknown Content-Encoding ${encoding}.`);
  // `in` has just shown that it is one of the keys.
  const decoder = decoders[encoding as keyof typeof decoders]();
  request.once('error', (error) => decoder.destroy(error));
  request.once('aborted', () => decoder.destroy(new Error('the client went away')));
  return request.pipe(decoder);
}

/** Throws EngineError when the source holds more than a statement may. */
export async function collect(source: Readable): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    // Sources here are byte streams without an encoding set.
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > MAX_STATEMENT_BYTES)
      throw new EngineError(307, 'TOO_MANY_BYTES', `The statement is longer than ${MAX_STATEMENT_BYTES} bytes.`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks, bytes);
}

async function readForm(request: IncomingMessage, body: Readable): Promise<[string, string][]> {
  const form = await new Response(await collect(body), {
    headers: { 'content-type': headerValue(request, 'content-type') ?? '' },
  }).formData();
  return [...form].map(([name, value]) => {
    if (typeof value !== 'string')
      throw new EngineError(36, 'BAD_ARGUMENTS', `Form field ${name} is a file: external tables are not supported.`);
    return [name, value];
  });
}

export function headerValue(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

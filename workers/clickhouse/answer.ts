import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type EngineError, httpStatus } from './engine-error';

/** One answer of ClickHouse's HTTP interface; the head leaves with the first bytes, so an early failure still gets its status. */
export class Answer {
  readonly #tag = randomBytes(8).toString('hex');
  #sink: Writable | null = null;

  constructor(
    readonly response: ServerResponse,
    readonly queryId: string,
    readonly gzip: boolean,
    readonly format: string,
  ) {}

  /** Waits while the client reads slower than we write; returns early when it has gone. */
  async write(chunk: Uint8Array): Promise<void> {
    const sink = this.#open();
    if (sink.write(chunk) || this.response.destroyed) return;
    await Promise.race([once(sink, 'drain'), once(this.response, 'close')]);
  }

  end(summary?: Summary): void {
    if (!this.response.headersSent && summary) this.response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
    this.#open().end();
  }

  /**
   * Before the first byte: status and code. After it: the block that ClickHouse (25.11 and later) appends to a
   * broken-off result and clients recognise by the tag in the head.
   */
  fail(error: EngineError): void {
    if (this.#sink) {
      const message = `${error.text}\n`;
      const length = Buffer.byteLength(message);
      this.#sink.end(`\r\n__exception__\r\n${this.#tag}\r\n${message}${length} ${this.#tag}\r\n__exception__\r\n`);
      return;
    }
    this.response.statusCode = httpStatus(error.code);
    this.response.setHeader('X-ClickHouse-Exception-Code', error.code);
    this.response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    this.response.setHeader('X-ClickHouse-Query-Id', this.queryId);
    this.response.end(`${error.text}\n`);
  }

  #open(): Writable {
    if (this.#sink) return this.#sink;
    this.response.setHeader('X-ClickHouse-Query-Id', this.queryId);
    this.response.setHeader('X-ClickHouse-Format', this.format);
    this.response.setHeader('X-ClickHouse-Timezone', 'UTC');
    this.response.setHeader('X-ClickHouse-Exception-Tag', this.#tag);
    if (this.gzip) {
      this.response.setHeader('Content-Encoding', 'gzip');
      const gzip = createGzip({ level: 1 });
      gzip.pipe(this.response);
      this.response.once('close', () => gzip.destroy());
      return (this.#sink = gzip);
    }
    return (this.#sink = this.response);
  }
}

/** All counts as decimal text, as ClickHouse writes them. */
export type Summary = {
  read_rows: string;
  read_bytes: string;
  written_rows: string;
  written_bytes: string;
  elapsed_ns: string;
};

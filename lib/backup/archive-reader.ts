import { createHash, hash } from 'node:crypto';
import type { z } from 'zod';
import { parseJson } from '../core/bytes/json-text';
import { AppError } from '../core/errors';
import { ByteReader, cutOff } from './byte-reader';
import { Beginning, FORMAT, Manifest } from './manifest';
import { BLOCK_BYTES, END, type TarHeader, readTarHeader, tarPadding } from './tar';

/** Of what is read at once. */
const MOST_TEXT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export type Entry = { name: string; sizeBytes: number; body: AsyncIterable<Buffer> };

/** Reads an archive of `ArchiveWriter` from its beginning to its end, and is satisfied at the end only. */
export class ArchiveReader {
  readonly #reader: ByteReader;
  readonly #found = createHash('sha256');
  readonly #listed = createHash('sha256');
  #entries = 0;
  #manifestBytes = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#reader = new ByteReader(source);
  }

  /** @throws AppError BAD_REQUEST for a file that is no backup; CONFLICT for one of a later release. */
  async beginning(): Promise<Beginning> {
    const header = await this.#header();
    if (header?.name !== 'backup.json') throw notOne();
    const value = parseJson((await this.#text(header, true)).toString('utf8'));
    const format = typeof value === 'object' && value !== null && 'format' in value ? Number(value.format) : 0;
    if (format > FORMAT)
      throw new AppError('CONFLICT', `the backup has format ${format}, and this release reads up to ${FORMAT}`, {
        format,
      });
    return parsed(Beginning, value);
  }

  /** After the beginning, every entry in order. What of a body is not read by whoever gets it is read over. */
  async *entries(): AsyncGenerator<Entry> {
    for (;;) {
      const header = await this.#header();
      if (!header) throw cutOff();
      if (header.name === 'manifest.json') return;
      if (header.name.startsWith('sums/')) {
        for await (const chunk of this.#body(header.sizeBytes)) this.#listed.update(chunk);
        continue;
      }
      const sha256 = createHash('sha256');
      const body = this.#body(header.sizeBytes, sha256);
      yield { ...header, body };
      for await (const _ of body); // what is left
      this.#note(header.name, sha256.digest('hex'));
    }
  }

  /** After the entries: the manifest they agree with, and its SHA-256. @throws AppError BAD_REQUEST when anything was changed, left out or cut off. */
  async end(): Promise<{ manifest: Manifest; sha256: string }> {
    const bytes = await this.#reader.exactly(this.#manifestBytes);
    await this.#pad(bytes.length);
    const sha256 = hash('sha256', bytes, 'hex');
    const last = await this.#header();
    if (last?.name !== 'manifest.sha256') throw changed('manifest.sha256');
    if ((await this.#text(last)).toString('latin1') !== `${sha256}  manifest.json\n`) throw changed('manifest.json');
    if (!(await this.#reader.exactly(END.length)).equals(END)) throw changed('its end');
    if ((await this.#reader.some(1)).length > 0) throw changed('its end');
    const manifest = parsed(Manifest, parseJson(bytes.toString('utf8')));
    if (this.#listed.digest('hex') !== manifest.sumsSha256) throw changed('the list of sums');
    if (this.#found.digest('hex') !== manifest.sumsSha256 || this.#entries !== manifest.entries)
      throw changed('an entry');
    return { manifest, sha256 };
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }

  async #header(): Promise<TarHeader | null> {
    const header = readTarHeader(await this.#reader.exactly(BLOCK_BYTES));
    if (header?.name !== 'manifest.json') return header;
    if (header.sizeBytes > MOST_TEXT_BYTES) throw notOne();
    this.#manifestBytes = header.sizeBytes;
    return header;
  }

  async *#body(sizeBytes: number, sha256?: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
    let left = sizeBytes;
    while (left > 0) {
      const chunk = await this.#reader.some(Math.min(left, CHUNK_BYTES));
      if (chunk.length === 0) throw cutOff();
      left -= chunk.length;
      sha256?.update(chunk);
      yield chunk;
    }
    await this.#pad(sizeBytes);
  }

  async #text({ name, sizeBytes }: TarHeader, isListed = false): Promise<Buffer> {
    if (sizeBytes > MOST_TEXT_BYTES) throw notOne();
    const bytes = await this.#reader.exactly(sizeBytes);
    await this.#pad(sizeBytes);
    if (isListed) this.#note(name, hash('sha256', bytes, 'hex'));
    return bytes;
  }

  async #pad(sizeBytes: number): Promise<void> {
    const padding = tarPadding(sizeBytes);
    if (!(await this.#reader.exactly(padding.length)).equals(padding)) throw changed('what fills up an entry');
  }

  #note(name: string, sha256: string): void {
    this.#entries += 1;
    this.#found.update(`${sha256}  ${name}\n`);
  }
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw notOne();
}

function notOne(): AppError {
  return new AppError('BAD_REQUEST', 'the file is no backup of Sealtrail');
}

function changed(what: string): AppError {
  return new AppError('BAD_REQUEST', `the backup was changed: ${what} is not what was written`, { what });
}

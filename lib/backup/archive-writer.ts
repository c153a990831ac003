import { createHash, hash } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../core/errors';
import { Manifest } from './manifest';
import type { Sink } from './sealed';
import { END, tarHeader, tarPadding } from './tar';

/** Of what comes without a known end: so much is held in memory, and is one entry. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Several entries that are one stream. */
export type Pieces = { write(bytes: Uint8Array): Promise<void>; end(): Promise<void> };

/** Writes a tar whose entries are listed by their SHA-256, as `sha256sum -c sums/*` checks them, and a manifest at its end. */
export class ArchiveWriter {
  readonly #sink: Sink;
  readonly #sums: Pieces;
  readonly #sumsHash = createHash('sha256');
  #entries = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#sums = this.#pieces('sums', 'sha256', (name, bytes) => this.#write(name, bytes.length, [bytes]));
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    await this.addStream(name, bytes.length, [bytes]);
  }

  /** @throws AppError EVIDENCE_ALTERED when there are not as many bytes as were said. */
  async addStream(
    name: string,
    sizeBytes: number,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const sha256 = await this.#write(name, sizeBytes, chunks);
    const line = Buffer.from(`${sha256}  ${name}\n`);
    this.#entries += 1;
    this.#sumsHash.update(line);
    await this.#sums.write(line);
  }

  /** `<folder>/000001.<extension>` and so on; none when nothing is written. */
  pieces(folder: string, extension: string): Pieces {
    return this.#pieces(folder, extension, (name, bytes) => this.add(name, bytes));
  }

  /** Ends the archive, and gives the SHA-256 of its manifest. */
  async end(
    manifest: Omit<z.input<typeof Manifest>, 'entries' | 'sumsSha256'>,
  ): Promise<{ manifest: Manifest; sha256: string }> {
    await this.#sums.end();
    const whole = Manifest.parse({ ...manifest, entries: this.#entries, sumsSha256: this.#sumsHash.digest('hex') });
    const bytes = Buffer.from(`${JSON.stringify(whole, null, 2)}\n`);
    const sha256 = hash('sha256', bytes, 'hex');
    await this.#write('manifest.json', bytes.length, [bytes]);
    const sum = Buffer.from(`${sha256}  manifest.json\n`);
    await this.#write('manifest.sha256', sum.length, [sum]);
    await this.#sink.write(END);
    await this.#sink.end();
    return { manifest: whole, sha256 };
  }

  #pieces(folder: string, extension: string, add: (name: string, bytes: Buffer) => Promise<unknown>): Pieces {
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    let count = 0;
    const flush = async () => {
      const bytes = Buffer.concat(held);
      held = [];
      heldBytes = 0;
      count += 1;
      await add(`${folder}/${String(count).padStart(6, '0')}.${extension}`, bytes);
    };
    return {
      async write(bytes) {
        for (let at = 0; at < bytes.length; ) {
          const part = bytes.subarray(at, at + PIECE_BYTES - heldBytes);
          held.push(part);
          heldBytes += part.length;
          at += part.length;
          if (heldBytes === PIECE_BYTES) await flush();
        }
      },
      async end() {
        if (heldBytes > 0) await flush();
      },
    };
  }

  async #write(
    name: string,
    sizeBytes: number,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<string> {
    const sha256 = createHash('sha256');
    await this.#sink.write(tarHeader({ name, sizeBytes }));
    let written = 0;
    for await (const chunk of chunks) {
      written += chunk.length;
      if (written > sizeBytes) break;
      sha256.update(chunk);
      await this.#sink.write(chunk);
    }
    if (written !== sizeBytes)
      throw new AppError('EVIDENCE_ALTERED', `${name} changed while it was read; make the backup again`);
    await this.#sink.write(tarPadding(sizeBytes));
    return sha256.digest('hex');
  }
}

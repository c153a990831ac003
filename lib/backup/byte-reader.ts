import { AppError } from '../core/errors';

/** Bytes of a stream, taken as many at a time as are wanted. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);
  #isOver = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to so many bytes, at least one; empty at the end. */
  async some(most: number): Promise<Buffer> {
    if (this.#held.length === 0) await this.#fill();
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  /** So many bytes, or as many as there are before the end. */
  async upTo(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let left = bytes;
    for (let part = await this.some(left); part.length > 0; part = left > 0 ? await this.some(left) : Buffer.alloc(0)) {
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /** @throws AppError BAD_REQUEST when there are fewer. */
  async exactly(bytes: number): Promise<Buffer> {
    const taken = await this.upTo(bytes);
    if (taken.length === bytes) return taken;
    throw cutOff();
  }

  /** Ends the stream, read or not. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #fill(): Promise<void> {
    while (this.#held.length === 0 && !this.#isOver) {
      const { value, done } = await this.#source.next();
      if (done) this.#isOver = true;
      else this.#held = Buffer.from(value.buffer, value.byteOffset, value.length);
    }
  }
}

export function cutOff(): AppError {
  return new AppError('BAD_REQUEST', 'the backup is cut off: it ends before its last entry');
}

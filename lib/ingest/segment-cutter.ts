import { createHash } from 'node:crypto';
import { AppError } from '../core/errors';
import type { EvidenceStore, ObjectWriter } from '../evidence/store';
import { MAX_LINE_BYTES, MAX_UPLOAD_BYTES, SEGMENT_TARGET_BYTES } from './limits';

export type CutSegment = { digest: string; sizeBytes: number; /** Lines that are not blank. */ records: number; /** Newlines. */ lines: number };
export type CutUpload = { sha256: string; sizeBytes: number; records: number; segments: CutSegment[]; /** Segments that were stored before and had been altered. */ replaced: number };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Writes a stream of bytes into the evidence store as segments cut at line boundaries.
 * Where it cuts depends on the bytes alone, so a log that has grown shares all but its last segment with its earlier self.
 */
export class SegmentCutter {
  readonly #whole = createHash('sha256');
  readonly #segments: CutSegment[] = [];
  #replaced = 0;
  #writer: ObjectWriter | null = null;
  #sizeBytes = 0;
  #records = 0;
  #lines = 0;
  #lineBytes = 0;
  #lineIsBlank = true;

  constructor(
    readonly store: EvidenceStore,
    readonly targetBytes = SEGMENT_TARGET_BYTES,
    readonly maxLineBytes = MAX_LINE_BYTES,
  ) {}

  /** @throws AppError TOO_LARGE for an endless line or upload, STORAGE_FULL. */
  async push(chunk: Buffer): Promise<void> {
    this.#whole.update(chunk);
    for (let rest = chunk; rest.length > 0; ) {
      this.#writer ??= await this.store.create();
      const end = this.#scan(rest, this.#writer.sizeBytes);
      const piece = rest.subarray(0, end);
      await this.#writer.write(piece);
      this.#sizeBytes += piece.length;
      rest = rest.subarray(end);
      if (this.#sizeBytes > MAX_UPLOAD_BYTES) throw new AppError('TOO_LARGE', `an upload is at most ${MAX_UPLOAD_BYTES} bytes`, { limitBytes: MAX_UPLOAD_BYTES });
      if (this.#writer.sizeBytes >= this.targetBytes && this.#lineBytes === 0) await this.#cut();
    }
  }

  /** What follows is of another file: it begins a line and a segment of its own. */
  async endFile(): Promise<void> {
    this.#endLine();
    if (this.#writer && this.#writer.sizeBytes > 0) await this.#cut();
  }

  async end(): Promise<CutUpload> {
    this.#endLine();
    if (this.#segments.length === 0) this.#writer ??= await this.store.create(); // an empty log is evidence too
    await this.#cut();
    const records = this.#segments.reduce((sum, segment) => sum + segment.records, 0);
    return { sha256: this.#whole.digest('hex'), sizeBytes: this.#sizeBytes, records, segments: this.#segments, replaced: this.#replaced };
  }

  /** Leaves no temp file; segments already durable stay, unnamed by anything. */
  async discard(): Promise<void> {
    await this.#writer?.discard();
    this.#writer = null;
  }

  #endLine(): void {
    if (this.#lineBytes > 0 && !this.#lineIsBlank) this.#records += 1;
    this.#lineBytes = 0;
    this.#lineIsBlank = true;
  }

  async #cut(): Promise<void> {
    if (!this.#writer) return;
    const { digest, sizeBytes, replaced } = await this.#writer.commit();
    if (replaced) this.#replaced += 1;
    this.#segments.push({ digest, sizeBytes, records: this.#records, lines: this.#lines });
    this.#writer = null;
    this.#records = 0;
    this.#lines = 0;
  }

  /** Walks the lines of `bytes` and returns where this segment ends in them. */
  #scan(bytes: Buffer, writtenBytes: number): number {
    let at = 0;
    while (at < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline === -1 ? bytes.length : newline;
      const length = end - at;
      this.#lineIsBlank &&= length === 0 || (length === 1 && this.#lineBytes === 0 && bytes[at] === CARRIAGE_RETURN);
      this.#lineBytes += length;
      if (this.#lineBytes > this.maxLineBytes) {
        throw new AppError('TOO_LARGE', `a line is at most ${this.maxLineBytes} bytes; this one starts at byte ${this.#sizeBytes + end - this.#lineBytes}`, {
          limitBytes: this.maxLineBytes,
          byteOffset: this.#sizeBytes + end - this.#lineBytes,
        });
      }
      if (newline === -1) return bytes.length;
      if (!this.#lineIsBlank) this.#records += 1;
      this.#lines += 1;
      this.#lineBytes = 0;
      this.#lineIsBlank = true;
      at = newline + 1;
      if (writtenBytes + at >= this.targetBytes) return at;
    }
    return at;
  }
}

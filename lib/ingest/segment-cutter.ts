import { createHash } from 'node:crypto';
import { MAX_LINE_BYTES, MAX_UPLOAD_BYTES, SEGMENT_TARGET_BYTES } from '../core/bytes/limits';
import { createLineCounter, endOfSegment, lineOver } from '../core/bytes/newline';
import { AppError } from '../core/errors';
import type { EvidenceStore, ObjectWriter } from '../evidence/store';

export type CutSegment = {
  digest: string;
  sizeBytes: number;
  /** Lines that are not blank. */
  records: number;
  /** Newlines. */
  lines: number;
};
export type CutUpload = {
  sha256: string;
  sizeBytes: number;
  records: number;
  segments: CutSegment[];
  /** Segments that were stored before and had been altered. */
  replaced: number;
};

/** Writes a stream of bytes into the evidence store as segments cut at line boundaries. */
export class SegmentCutter {
  readonly #whole = createHash('sha256');
  readonly #segments: CutSegment[] = [];
  #replaced = 0;
  #writer: ObjectWriter | null = null;
  #sizeBytes = 0;
  readonly #counter = createLineCounter();

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
      const end = endOfSegment(rest, this.#writer.sizeBytes, this.targetBytes);
      const piece = end === 0 ? rest : rest.subarray(0, end);
      this.#requireShortLines(piece);
      this.#counter.push(piece);
      await this.#writer.write(piece);
      this.#sizeBytes += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#sizeBytes > MAX_UPLOAD_BYTES)
        throw new AppError('TOO_LARGE', `an upload is at most ${MAX_UPLOAD_BYTES} bytes`, {
          limitBytes: MAX_UPLOAD_BYTES,
        });
      if (end !== 0) await this.#cut();
    }
  }

  /** What follows is of another file: it begins a line and a segment of its own. */
  async endFile(): Promise<void> {
    this.#counter.end();
    if (this.#writer && this.#writer.sizeBytes > 0) await this.#cut();
  }

  async end(): Promise<CutUpload> {
    this.#counter.end();
    if (this.#segments.length === 0) this.#writer ??= await this.store.create(); // an empty log is evidence too
    await this.#cut();
    const records = this.#segments.reduce((sum, segment) => sum + segment.records, 0);
    return {
      sha256: this.#whole.digest('hex'),
      sizeBytes: this.#sizeBytes,
      records,
      segments: this.#segments,
      replaced: this.#replaced,
    };
  }

  /** Leaves no temp file; segments already durable stay, unnamed by anything. */
  async discard(): Promise<void> {
    await this.#writer?.discard();
    this.#writer = null;
  }

  #requireShortLines(piece: Buffer): void {
    const long = lineOver(this.maxLineBytes, piece, this.#counter.begunBytes);
    if (!long) return;
    const byteOffset = this.#sizeBytes + long.from;
    throw new AppError(
      'TOO_LARGE',
      `a line is at most ${this.maxLineBytes} bytes; this one starts at byte ${byteOffset}`,
      { limitBytes: this.maxLineBytes, byteOffset },
    );
  }

  async #cut(): Promise<void> {
    if (!this.#writer) return;
    const { digest, sizeBytes, replaced } = await this.#writer.commit();
    if (replaced) this.#replaced += 1;
    this.#segments.push({ digest, sizeBytes, ...this.#counter.take() });
    this.#writer = null;
  }
}

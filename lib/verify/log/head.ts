import { firstLines } from '../../core/bytes/first-lines';
import { RECOGNITION_BYTES } from '../../core/bytes/limits';
import type { FormatId } from '../../core/chain/format';
import { recogniseFormat } from '../../core/formats';
import type { Head, LogFile } from './log-source';
import { namingFile } from './naming-file';

/** The first bytes, at most so many. */
export async function headOf(chunks: AsyncIterable<Uint8Array>, sizeBytes = RECOGNITION_BYTES): Promise<Head> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(Uint8Array.from(chunk));
    length += chunk.length;
    if (length > sizeBytes) break;
  }
  return { bytes: joined(parts).subarray(0, sizeBytes), complete: length <= sizeBytes };
}

/** The format of a log by its first bytes; null when it is none known here. */
export function formatOfHead({ bytes, complete }: Head): FormatId | null {
  return recogniseFormat(firstLines(bytes, complete));
}

/** A file by how it is opened: its head is read apart. */
export function openFile(name: string, open: () => AsyncIterable<Uint8Array>): LogFile {
  return { name, open, head: () => headOf(open()) };
}

/** A file that is opened as seldom as possible: after its head was read the rest is read on from there. Call `close` when done. */
export function openFileOnce(
  name: string,
  open: () => AsyncIterable<Uint8Array>,
): LogFile & { close(): Promise<void> } {
  let begun: { head: Uint8Array[]; rest: AsyncIterator<Uint8Array> } | null = null;
  return {
    name,
    async head() {
      const head: Uint8Array[] = [];
      const rest = open()[Symbol.asyncIterator]();
      begun = { head, rest };
      let sizeBytes = 0;
      while (sizeBytes < RECOGNITION_BYTES) {
        const next = await rest.next();
        if (next.done) return { bytes: joined(head), complete: true };
        head.push(Uint8Array.from(next.value));
        sizeBytes += next.value.length;
      }
      return { bytes: joined(head), complete: false };
    },
    async *open() {
      const { head, rest } = begun ?? { head: [], rest: open()[Symbol.asyncIterator]() };
      begun = null;
      yield* head;
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    },
    async close() {
      await begun?.rest.return?.();
      begun = null;
    },
  };
}

/** Of the first file that holds anything. */
export async function headOfLog(files: readonly LogFile[]): Promise<Head> {
  for (const file of files) {
    const head = await (files.length > 1 ? namingFile(file.name, () => file.head()) : file.head());
    if (head.bytes.length > 0) return head;
  }
  return { bytes: new Uint8Array(0), complete: true };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

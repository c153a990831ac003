import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';

/** SHA-256 of some bytes at a known place, to tell later whether they are still the same. */
export const Print = z.object({ sizeBytes: z.number().int().min(0), sha256: z.string() });
export type Print = z.infer<typeof Print>;

/** Bytes a file is known by: its first ones, and the last ones before a place. */
export const START_BYTES = 1024;
export const RECENT_BYTES = 4096;
export const NOTHING: Print = { sizeBytes: 0, sha256: hash('sha256', new Uint8Array(), 'hex') };

export function printOf(bytes: Uint8Array): Print {
  return { sizeBytes: bytes.length, sha256: hash('sha256', bytes, 'hex') };
}

/** The bytes of a file in [from, to), fewer where it ends before. */
export async function bytesAt(file: FileHandle, from: number, to: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** The prints of a file whose first `end` bytes are known. */
export async function printsUpTo(file: FileHandle, end: number): Promise<{ start: Print; recent: Print }> {
  return {
    start: printOf(await bytesAt(file, 0, Math.min(START_BYTES, end))),
    recent: printOf(await bytesAt(file, Math.max(0, end - RECENT_BYTES), end)),
  };
}

export async function startsAs(file: FileHandle, { sizeBytes, sha256 }: Print): Promise<boolean> {
  return printOf(await bytesAt(file, 0, sizeBytes)).sha256 === sha256;
}

/** Whether the file's first `end` bytes are, as far as their prints tell, what they were. */
export async function isSameUpTo(
  file: FileHandle,
  end: number,
  { start, recent }: { start: Print; recent: Print },
): Promise<boolean> {
  if (!(await startsAs(file, start))) return false;
  const found = await bytesAt(file, end - recent.sizeBytes, end);
  return found.length === recent.sizeBytes && printOf(found).sha256 === recent.sha256;
}

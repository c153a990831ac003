import type { Hasher, KnownFormat } from '../../core/chain/format';
import { checkFile } from './check-file';
import type { CheckedSegment, LogSource } from './log-source';
import { eachNamingFile } from './naming-file';

export type CheckLogOptions = {
  format: KnownFormat;
  hasher: Hasher;
  /** See `checkFile`; where files are scanned elsewhere, it is known there. */
  targetBytes?: number | undefined;
  /** How many of a segment's problems are kept, the first of them. */
  kept(): number;
  /** Sees the bytes of the files go by that are scanned here. */
  onChunk?(file: number, chunk: Uint8Array): void;
};

/** Checks a log, its files one after another, segment by segment. A segment ends where its file does. */
export async function* checkLog(
  { files }: LogSource,
  { format, hasher, targetBytes, kept, onChunk }: CheckLogOptions,
): AsyncGenerator<CheckedSegment & { file: number }> {
  for (const [index, file] of files.entries()) {
    const here = () =>
      checkFile(file.open(), {
        format,
        hasher,
        ...(targetBytes && { targetBytes }),
        keep: (problems) => problems.slice(0, kept()),
        onChunk: (chunk) => onChunk?.(index, chunk),
      });
    const segments = file.scans?.check(format.id, kept) ?? here();
    for await (const segment of files.length > 1 ? eachNamingFile(file.name, segments) : segments)
      yield { ...segment, file: index };
  }
}

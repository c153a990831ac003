import type { Hasher, KnownFormat } from '../../core/chain/format';
import { checkFile } from './check-file';
import type { LineWatch } from '../../core/chain/line-watch';
import type { CheckedSegment, LogSource } from './log-source';
import { eachNamingFile } from './naming-file';

export type CheckLogOptions = {
  format: KnownFormat;
  hasher: Hasher;
  /** See `checkFile`; where files are scanned elsewhere, it is known there. */
  targetBytes?: number | undefined;
  /** How many of a segment's problems are kept, the first of them. */
  kept(): number;
  /** Sees the lines of a file go by that is scanned here. */
  watch?(file: number): LineWatch | null;
};

/** Checks a log, its files one after another, segment by segment. A segment ends where its file does. */
export async function* checkLog(
  { files }: LogSource,
  { format, hasher, targetBytes, kept, watch }: CheckLogOptions,
): AsyncGenerator<CheckedSegment & { file: number }> {
  for (const [index, file] of files.entries()) {
    const here = () =>
      checkFile(file.open(), {
        format,
        hasher,
        ...(targetBytes && { targetBytes }),
        keep: (problems) => problems.slice(0, kept()),
        watch: watch?.(index) ?? null,
      });
    const segments = file.scans?.check(format.id, kept) ?? here();
    for await (const segment of files.length > 1 ? eachNamingFile(file.name, segments) : segments)
      yield { ...segment, file: index };
  }
}

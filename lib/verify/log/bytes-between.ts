import type { LogFile, LogSource } from './log-source';

/** Bytes `[from, to)` of what is read; it is read no further. */
export async function* bytesBetween(
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  if (to <= 0) return;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(Math.max(0, from - at), Math.max(0, to - at));
    at += chunk.length;
    if (piece.length > 0) yield piece;
    if (at >= to) return;
  }
}

/** A log up to byte `to`, as if nothing came behind it. `sizes` are those of its files. */
export function upTo({ files }: LogSource, sizes: readonly number[], to: number): LogSource {
  let before = 0;
  const kept = files.flatMap((file, index): LogFile[] => {
    const left = to - before;
    before += sizes[index] ?? 0;
    if (left <= 0) return [];
    return left >= (sizes[index] ?? 0)
      ? [file]
      : [{ name: file.name, head: () => file.head(), open: () => bytesBetween(file.open(), 0, left) }];
  });
  return { files: kept };
}

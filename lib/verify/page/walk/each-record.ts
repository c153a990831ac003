import type { Hasher } from '../../../core/chain/format';
import { recordsOf } from '../../../core/chain/line-records';
import { type Line, createLineSplitter, isBlank } from '../../../core/bytes/lines';
import { formatById } from '../../../core/formats';
import { bytesBetween } from '../../log/bytes-between';
import type { Walked } from './join-walk';

/** A record of a chain; `endByte` is where it ends in its file, newline included. The line is valid only until the call is over. */
export type RecordAt = { ordinal: number; line: Line; recordedAt: string | null; file: number; endByte: number };

/** Calls `onRecord` for the records of a chain from ordinal `from` to before `to`, in order. Reads, once more, what holds them. */
export async function eachRecord(
  files: readonly Walked[],
  { hasher, from = 0, to = Infinity }: { hasher: Hasher; from?: number; to?: number },
  onRecord: (record: RecordAt) => void,
): Promise<void> {
  let base = 0;
  for (const [file, { plain, walk }] of files.entries()) {
    const format = formatById(walk.format);
    const parts = walk.parts.map((part) => {
      const first = base;
      base += part.check.records;
      return { ...part, first, next: base };
    });
    const wanted = parts.filter(({ first, next }) => next > from && first < to);
    const [begin, end] = [wanted[0], wanted.at(-1)];
    if (!begin || !end) continue;
    let ordinal = begin.first;
    const splitter = createLineSplitter((line) => {
      if (ordinal >= to || line.tooLong || isBlank(line)) return;
      for (const { line: part, read } of recordsOf(format, hasher, line)) {
        if (ordinal >= from && ordinal < to)
          onRecord({
            ordinal,
            line: part,
            recordedAt: read.recordedAt,
            file,
            endByte: begin.from + part.byteOffset + part.byteLength + (part.crlf ? 1 : 0) + (part.terminated ? 1 : 0),
          });
        ordinal += 1;
      }
    });
    for await (const chunk of bytesBetween(plain.open(), begin.from, end.to)) splitter.push(chunk);
    splitter.end();
  }
}

import 'server-only';
import type { FormatId, Hasher } from '../core/chain/format';
import type { ProblemCode } from '../core/chain/problem';
import { createRecordReader } from '../core/chain/record-reader';
import { formatById } from '../core/formats';
import { type EventRow, eventRow } from './event-row';

/** Which bytes of which chain rows are made of. */
export type RowsOf = {
  chainId: string;
  format: FormatId;
  segment: { index: number; digest: string };
  /** What of the chain lies before the first byte. */
  before: { bytes: number; records: number; lines: number };
  /** The worst problem at each record that has one, by ordinal. */
  integrity: ReadonlyMap<number, ProblemCode>;
  /** What a record without a hash is that has none. */
  unhashed: ProblemCode;
};

/** Gives the rows of a stream of bytes in order. `bytes` are those of the record, valid only until the next is given. */
export function createRowReader(
  { chainId, format: id, segment, before, integrity, unhashed }: RowsOf,
  hasher: Hasher,
  take: (row: EventRow, bytes: Uint8Array) => void,
): { push(chunk: Uint8Array): void; end(): void } {
  const format = formatById(id);
  let ordinal = before.records;
  return createRecordReader(format, hasher, ({ bytes, line, byteOffset }, claims) => {
    const place = {
      chainId,
      segment,
      ordinal,
      line: before.lines + line,
      byteOffset: before.bytes + byteOffset,
      byteLength: bytes.length,
    };
    const problem = integrity.get(ordinal) ?? (claims.hash === null ? unhashed : undefined);
    ordinal += 1;
    take(eventRow(format, bytes, claims, place, problem), bytes);
  });
}

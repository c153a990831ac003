import { type Line, createLineSplitter, isBlank } from '../bytes/lines';
import { NEWLINE } from '../bytes/newline';
import { scannerWhenItPays } from '../fastpath/scanner';
import type { ChainFormat, CheckedRecord, Hasher } from './format';
import { DIGEST_BYTES, digestAt } from './digest-bytes';
import { recordsOf } from './line-records';

/** What a record claims of its place in the chain. */
export type RecordClaims = Pick<CheckedRecord, 'hash' | 'prev' | 'sequence'>;
/** A record where it stands: bytes are counted from the start of the stream, lines from 1. `bytes` is valid only until the next is given. */
type PlacedRecord = { bytes: Uint8Array; line: number; byteOffset: number };
type TakeRecord = (record: PlacedRecord, claims: RecordClaims) => void;

/**
 * Gives the records of a stream in order, which comes in chunks of any size, with what each claims. Those that are as their writer left them, and
 * follow one another, are not parsed for it; with `parseEveryRecord` they are, which gives the same.
 */
export function createRecordReader(
  format: ChainFormat,
  hasher: Hasher,
  take: TakeRecord,
  { parseEveryRecord = false } = {},
): { push(chunk: Uint8Array): void; end(): void } {
  const scanner = parseEveryRecord ? null : scannerWhenItPays(format, { alike: false });
  let last: RecordClaims | null = null;

  const takeLine = (line: Line): void => {
    if (line.tooLong || isBlank(line)) return;
    for (const { line: part, read } of recordsOf(format, hasher, line)) {
      take({ bytes: part.bytes, line: part.number, byteOffset: part.byteOffset }, read);
      last = read;
    }
  };

  const splitter = createLineSplitter(takeLine, (chunk, from, number, byteOffset) => {
    const head = last?.hash;
    const run = head ? scanner?.runAt(chunk, from, { hash: head, sequence: last?.sequence ?? null }, hasher) : null;
    if (!run || !head) return null;
    let prev = head;
    let at = from;
    for (let index = 0; index < run.count; index += 1) {
      const to = chunk.indexOf(NEWLINE, at);
      const hash = digestAt(run.hashes, index * DIGEST_BYTES);
      const claims = { hash, prev, sequence: run.sequenceAt(index) };
      take({ bytes: chunk.subarray(at, to), line: number + index, byteOffset: byteOffset + at - from }, claims);
      last = claims;
      prev = hash;
      at = to + 1;
    }
    return { lines: run.count, to: at };
  });
  return {
    push(chunk) {
      scanner?.forget();
      splitter.push(chunk);
    },
    end: splitter.end,
  };
}

import type { Place } from './check';
import type { ChainFormat, CheckedRecord, Hasher } from './format';
import { partsOf } from './line-records';
import { type Line, splitLines } from '../bytes/lines';

/** A stretch of a log, cut at a line boundary and named by the digest of its bytes. */
export type Stretch = {
  digest: string;
  sizeBytes: number;
  /** Records in it. */
  records: number;
  /** Newlines in it. */
  lines: number;
};

/** How what a chain holds now relates to what it held before. Records are the same when their hashes are, however they are written. */
export type Comparison =
  /** Every record of before is there, or hidden by damage. `altered`: the first whose content no longer fits the hash it had. */
  | { kind: 'holds'; shared: number; altered: Place | null }
  /** It ends before the earlier one did, and is the same so far. */
  | { kind: 'ends'; shared: number }
  /** `at`, placed in what is held now, is the first record that is another one. */
  | {
      kind: 'differs';
      shared: number;
      at: Place;
      expected: string | null;
      found: string | null;
      /** Both follow from the same shared record and hash correctly. */
      forks: boolean;
    };

type Read = (digest: string) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
type Entry = {
  checked: CheckedRecord;
  bytes: Uint8Array;
  place: Place;
  /** Lines that are no record lie before it. */
  afterDamage: boolean;
};

/**
 * Finds the first record in which two contents of a chain differ. Stretches both begin with are skipped by their digest, the rest is
 * read line by line, one of each at a time, and no further than the difference.
 */
export async function compareHistories(
  format: ChainFormat,
  hasher: Hasher,
  before: readonly Pick<Stretch, 'digest'>[],
  now: readonly Stretch[],
  read: Read,
): Promise<Comparison> {
  let common = 0;
  while (common < before.length && before[common]?.digest === now[common]?.digest) common += 1;
  const skipped = now.slice(0, common);
  const start = { record: sum(skipped, 'records'), line: sum(skipped, 'lines'), byteOffset: sum(skipped, 'sizeBytes') };
  // Places are told in what is held now only.
  const old = entries(
    format,
    hasher,
    before.slice(common).map(({ digest }) => ({ digest, sizeBytes: 0, records: 0, lines: 0 })),
    start,
    read,
  );
  const current = entries(format, hasher, now.slice(common), start, read);
  let shared = start.record;
  let last: CheckedRecord | null = null;
  let altered: Place | null = null;
  try {
    let [theirs, ours] = [await next(old), await next(current)];
    for (;;) {
      if (!theirs) return { kind: 'holds', shared, altered };
      if (!ours) return { kind: 'ends', shared };
      if (!isSame(theirs, ours)) {
        const first = { theirs, ours };
        // What damage hides is not called another record: the side that has none is searched for where the other goes on.
        if (ours.afterDamage) while (theirs && !isSame(theirs, ours)) theirs = await next(old);
        else if (theirs.afterDamage) while (ours && !isSame(theirs, ours)) ours = await next(current);
        if (!theirs || !ours || !isSame(theirs, ours))
          return differs(first.theirs, first.ours, { shared, chained: last ? last.hash !== null : start.record > 0 });
      }
      if (!altered && isValid(theirs.checked) && !isValid(ours.checked)) altered = ours.place;
      shared += 1;
      last = ours.checked;
      [theirs, ours] = [await next(old), await next(current)];
    }
  } finally {
    await Promise.all([old.return(undefined), current.return(undefined)]);
  }
}

function differs(
  { checked: before }: Entry,
  { checked: now, place }: Entry,
  { shared, chained }: { shared: number; chained: boolean },
): Comparison {
  const forks = chained && isValid(before) && isValid(now) && before.prev !== null && before.prev === now.prev;
  return { kind: 'differs', shared, at: place, expected: before.hash, found: now.hash, forks };
}

function isSame(a: Entry, b: Entry): boolean {
  if (a.checked.hash !== null || b.checked.hash !== null) return a.checked.hash === b.checked.hash;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, at) => byte === b.bytes[at]);
}

function isValid({ hash, computed }: CheckedRecord): boolean {
  return hash === null || hash === computed;
}

async function* entries(
  format: ChainFormat,
  hasher: Hasher,
  stretches: readonly Stretch[],
  start: { record: number; line: number; byteOffset: number },
  read: Read,
): AsyncGenerator<Entry, void, undefined> {
  let { record, line: lines, byteOffset } = start;
  let afterDamage = false;
  for (const { digest, sizeBytes, lines: newlines } of stretches) {
    for await (const line of splitLines(await read(digest))) {
      for (const part of line.tooLong ? [{ line, read: null }] : partsOf(format, hasher, line)) {
        if (part.read?.kind !== 'record') {
          afterDamage = true;
          continue;
        }
        yield {
          checked: part.read,
          bytes: part.line.bytes,
          place: placeInHistory(part.line, record, lines, byteOffset),
          afterDamage,
        };
        afterDamage = false;
        record += 1;
      }
    }
    lines += newlines;
    byteOffset += sizeBytes;
  }
}

function placeInHistory({ number, byteOffset, byteLength }: Line, record: number, lines: number, bytes: number): Place {
  return { record, line: lines + number, byteOffset: bytes + byteOffset, byteLength };
}

async function next(source: AsyncGenerator<Entry, void, undefined>): Promise<Entry | null> {
  const { value } = await source.next();
  return value ?? null;
}

function sum(stretches: readonly Stretch[], key: 'records' | 'lines' | 'sizeBytes'): number {
  return stretches.reduce((total, stretch) => total + stretch[key], 0);
}

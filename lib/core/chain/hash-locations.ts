import { createBefore, ordinalAfter } from './offsets';
import type { OpenLink, SegmentCheck } from './check';
import { isFollowedBy } from './predecessor';
import type { ChainFormat, CheckedRecord, Hasher } from './format';
import { lineScanner } from '../fastpath/scanner';
import { DIGEST_BYTES, digestAt, marker } from './digest-bytes';
import { recordsOf } from './line-records';
import { type Line, type ConsumedLines, createLineSplitter, isBlank } from '../bytes/lines';

/** Where in the chain a hash was seen. Ordinals count from the start of the chain. */
export type HashLocation = {
  /** First record that has it as its own. */
  record: number | null;
  /** First record that names it as its predecessor's and whose own hash covers its content. */
  successor: number | null;
};
export type HashLocations = Map<string, HashLocation>;

export function recordLocation(hashLocations: HashLocations, hash: string | null, seen: Partial<HashLocation>): void {
  if (hash === null) return;
  const known = hashLocations.get(hash) ?? { record: null, successor: null };
  hashLocations.set(hash, {
    record: first(known.record, seen.record),
    successor: first(known.successor, seen.successor),
  });
}

function first(a: number | null, b: number | null | undefined): number | null {
  if (b === null || b === undefined) return a;
  return a === null ? b : Math.min(a, b);
}

/**
 * Hashes whose whereabouts would let broken links between several segments be explained exactly: give what a scan of all segments
 * finds to `joinSegments`. Empty for an unbroken chain, and for one of a single segment.
 */
export function hashesToLocate(checks: readonly SegmentCheck[]): Set<string> {
  const wanted = new Set<string>();
  if (checks.length < 2) return wanted;
  let last: SegmentCheck['last'] = null;
  for (const check of checks) {
    for (const link of check.openLinks) {
      if (!link.before && last && isFollowedBy(last, link.prev)) continue;
      if (link.prev !== null && !link.atGenesis) wanted.add(link.prev);
      if (link.before ?? last) wanted.add(link.hash);
    }
    last = check.last ?? last;
  }
  return wanted;
}

/** Reads segments in order, chunk by chunk, and notes where the wanted hashes are. Call `endSegment` after each segment. */
export function createLocationScan(
  format: ChainFormat,
  hasher: Hasher,
  wanted: ReadonlySet<string>,
): {
  push(chunk: Uint8Array): void;
  endSegment(): void;
  /** Call once all was pushed. `records`: those that were read. */
  end(): { records: number; hashLocations: HashLocations };
} {
  const hashLocations: HashLocations = new Map();
  let record = 0;
  const scanner = lineScanner(format);
  const mayBe = marker(wanted);
  /** The chained record read last. */
  let head: { hash: string; sequence: number | null } | null = null;

  function onLine(line: Line): void {
    if (isBlank(line) || line.tooLong) return;
    for (const { read } of recordsOf(format, hasher, line)) onRecord(read);
  }

  function onRecord(read: CheckedRecord): void {
    if (read.hash !== null && wanted.has(read.hash)) recordLocation(hashLocations, read.hash, { record });
    if (read.hash !== null && read.prev !== null && read.computed === read.hash && wanted.has(read.prev))
      recordLocation(hashLocations, read.prev, { successor: record });
    if (read.hash !== null) head = { hash: read.hash, sequence: read.sequence };
    record += 1;
  }

  /** Records that hold, each naming the one before. */
  function onFastpath(chunk: Uint8Array, from: number): ConsumedLines | null {
    const run = head && scanner?.runAt(chunk, from, head, hasher);
    if (!head || !run) return null;
    const { hashes, count } = run;
    const words = new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length / 4);
    if (wanted.has(head.hash)) recordLocation(hashLocations, head.hash, { successor: record });
    for (let index = 0; index < count; index += 1) {
      if (!mayBe(words[(index * DIGEST_BYTES) / 4] ?? 0)) continue;
      const hash = digestAt(hashes, index * DIGEST_BYTES);
      // Who names the last is told by what follows.
      if (wanted.has(hash))
        recordLocation(hashLocations, hash, {
          record: record + index,
          successor: index + 1 < count ? record + index + 1 : null,
        });
    }
    head = { hash: digestAt(hashes, hashes.length - DIGEST_BYTES), sequence: run.sequence };
    record += count;
    return { lines: count, to: run.lastTo + 1 };
  }

  const open = () => createLineSplitter(onLine, onFastpath);
  let splitter = open();
  return {
    push(chunk) {
      scanner?.forget();
      splitter.push(chunk);
    },
    endSegment() {
      splitter.end();
      splitter = open();
    },
    end() {
      splitter.end();
      return { records: record, hashLocations };
    },
  };
}

/** What the checks themselves tell of where hashes are: edges, open links, and what each segment knows of them. */
export function hashLocationsOf(checks: readonly SegmentCheck[]): HashLocations {
  const hashLocations: HashLocations = new Map();
  const nextBefore = createBefore();
  for (const check of checks) {
    const before = nextBefore(check);
    const at = (record: number | null) => ordinalAfter(before, record);
    for (const edge of [check.first, check.last]) {
      if (!edge) continue;
      recordLocation(hashLocations, edge.hash, { record: at(edge.record) });
      if (!edge.altered) recordLocation(hashLocations, edge.prev, { successor: at(edge.record) });
    }
    for (const link of check.openLinks) noteLink(hashLocations, link, at);
  }
  return hashLocations;
}

function noteLink(hashLocations: HashLocations, link: OpenLink, at: (record: number | null) => number | null): void {
  recordLocation(hashLocations, link.hash, { record: at(link.duplicateOf ?? link.record) });
  recordLocation(hashLocations, link.prev, { record: at(link.predecessor), successor: at(link.rival ?? link.record) });
  if (link.before) recordLocation(hashLocations, link.before.hash, { record: at(link.before.record) });
}

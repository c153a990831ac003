import type { OpenLink, RecordEdge, Tip } from './check';
import { DIGEST_BYTES, digestAt, isDigest, marker, putHex } from './digest-bytes';

/** Every chained record of a segment, in 33 bytes a record as a rule: what open links are explained with. */
export type LinkIndex = {
  /** Notes a record and returns its position among the chained ones. */
  add(record: number, hash: string, prev: string | null, valid: boolean): number;
  /** Notes valid records that follow one another and the one before, by their hashes of 32 bytes each. */
  addRun(record: number, hashes: Uint8Array): void;
  /** What the segment knows of the links that need checking; `at` is the position `add` gave. */
  explain(links: readonly (PendingLink & { at: number })[]): OpenLink[];
};

/** An open link before the rest of the segment has been seen. */
export type PendingLink = RecordEdge & {
  before: RecordEdge | null;
  lastValid: Tip | null;
  atGenesis: boolean;
  afterDamage: boolean;
  afterUnchained: boolean;
};

type Found = { record: number | null; firstSuccessor: number | null };

const INVALID = 1;
/** Its hash is no digest and stands in `texts`. */
const OTHER_HASH = 2;
/** It names another than the record before and stands in `prevs`. */
const OTHER_PREV = 4;

/** Chained records by their position. */
type IndexedRecords = {
  count: number;
  hashes: Uint8Array<ArrayBuffer>;
  kinds: Uint8Array;
  /** Hashes that are no digests. */
  texts: ReadonlyMap<number, string>;
  /** What those name that name another than the record before. */
  prevs: ReadonlyMap<number, string | null>;
};

export function createLinkIndex(): LinkIndex {
  let count = 0;
  let hashes = new Uint8Array(64 * DIGEST_BYTES);
  let kinds = new Uint8Array(64);
  const texts = new Map<number, string>();
  const prevs = new Map<number, string | null>();
  /** Where ordinals stop being one apart: the position, and the ordinal there. */
  const jumps: { at: number; record: number }[] = [];
  let lastHash: string | null = null;

  function reserve(more: number): void {
    if (count + more <= kinds.length) return;
    const capacity = Math.max(count + more, 2 * kinds.length);
    kinds = grown(kinds, capacity);
    hashes = grown(hashes, capacity * DIGEST_BYTES);
  }

  function place(record: number, more: number): void {
    const jump = jumps.at(-1);
    if (!jump || jump.record + count - jump.at !== record) jumps.push({ at: count, record });
    count += more;
  }

  return {
    add(record, hash, prev, isValid) {
      reserve(1);
      const at = count;
      let kind = isValid ? 0 : INVALID;
      if (isDigest(hash)) putHex(hashes, at * DIGEST_BYTES, hash);
      else {
        texts.set(at, hash);
        kind |= OTHER_HASH;
      }
      lastHash ??= at === 0 ? null : hashAt({ hashes, texts }, at - 1);
      if (prev === null || prev !== lastHash) {
        prevs.set(at, prev);
        kind |= OTHER_PREV;
      }
      kinds[at] = kind;
      lastHash = hash;
      place(record, 1);
      return at;
    },
    addRun(record, run) {
      const more = run.length / DIGEST_BYTES;
      reserve(more);
      hashes.set(run, count * DIGEST_BYTES);
      lastHash = null;
      place(record, more);
    },
    explain(links) {
      const wanted = new Map<string, Found>();
      for (const { hash, prev } of links) {
        for (const key of prev === null ? [hash] : [hash, prev])
          wanted.set(key, { record: null, firstSuccessor: null });
      }
      if (wanted.size === 0) return [];
      locate(wanted, { count, hashes, kinds, texts, prevs });
      const ordinal = (at: number | null | undefined) =>
        at === null || at === undefined ? null : ordinalAt(jumps, at);
      return links.map(({ at, ...link }) => {
        const [own, named] = [wanted.get(link.hash), link.prev === null ? undefined : wanted.get(link.prev)];
        const twin = own && own.record !== null && own.record < at ? own.record : null;
        const rival = named && named.firstSuccessor !== null && named.firstSuccessor < at ? named.firstSuccessor : null;
        return { ...link, duplicateOf: ordinal(twin), predecessor: ordinal(named?.record), rival: ordinal(rival) };
      });
    },
  };
}

/** Finds the records that have the wanted hashes, and those that name them. */
function locate(wanted: ReadonlyMap<string, Found>, records: IndexedRecords): void {
  const { count, hashes, kinds, prevs } = records;
  const words = new Uint32Array(hashes.buffer);
  const mayBe = marker(wanted.keys());
  let before: Found | undefined;
  for (let at = 0; at < count; at += 1) {
    const kind = kinds[at] ?? 0;
    const isCandidate = (kind & OTHER_HASH) !== 0 || mayBe(words[(at * DIGEST_BYTES) / 4] ?? 0);
    const found = isCandidate ? wanted.get(hashAt(records, at)) : undefined;
    if (found && found.record === null) found.record = at;
    const named = (kind & OTHER_PREV) === 0 ? before : wanted.get(prevs.get(at) ?? '');
    if (named && named.firstSuccessor === null && (kind & INVALID) === 0) named.firstSuccessor = at;
    before = found;
  }
}

function hashAt({ hashes, texts }: Pick<IndexedRecords, 'hashes' | 'texts'>, at: number): string {
  return texts.get(at) ?? digestAt(hashes, at * DIGEST_BYTES);
}

function grown(bytes: Uint8Array, capacity: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(capacity);
  larger.set(bytes);
  return larger;
}

/** The last jump at or before a position tells its ordinal. */
function ordinalAt(jumps: readonly { at: number; record: number }[], at: number): number | null {
  let [low, high] = [0, jumps.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((jumps[middle]?.at ?? 0) <= at) low = middle;
    else high = middle;
  }
  const jump = jumps[low];
  return jump ? jump.record + at - jump.at : null;
}

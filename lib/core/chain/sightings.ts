import type { OpenLink, SegmentCheck } from './check';
import { isFollowedBy } from './check-segment';
import type { ChainFormat, Hasher } from './format';
import { createLineSplitter, isBlank } from './lines';

/** Where in the chain a hash was seen. Ordinals count from the start of the chain. */
export type Sighting = {
  /** First record that has it as its own. */
  bearer: number | null;
  /** First record that names it as its predecessor's and whose own hash covers its content. */
  claimant: number | null;
};
export type Sightings = Map<string, Sighting>;

export function sight(sightings: Sightings, hash: string | null, seen: Partial<Sighting>): void {
  if (hash === null) return;
  const known = sightings.get(hash) ?? { bearer: null, claimant: null };
  sightings.set(hash, { bearer: first(known.bearer, seen.bearer), claimant: first(known.claimant, seen.claimant) });
}

function first(a: number | null, b: number | null | undefined): number | null {
  if (b === null || b === undefined) return a;
  return a === null ? b : Math.min(a, b);
}

/**
 * Hashes whose whereabouts would let broken links between several segments be explained exactly: give what a scan of all segments
 * finds to `joinSegments`. Empty for an unbroken chain, and for one of a single segment.
 */
export function hashesToSight(checks: readonly SegmentCheck[]): Set<string> {
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
export function createSightingScan(format: ChainFormat, hasher: Hasher, wanted: ReadonlySet<string>): { push(chunk: Uint8Array): void; endSegment(): void; sightings: Sightings } {
  const sightings: Sightings = new Map();
  let record = 0;
  const open = () =>
    createLineSplitter((line) => {
      if (isBlank(line) || line.tooLong) return;
      const read = format.check(line.bytes, hasher);
      if (read.kind !== 'record') return;
      if (read.hash !== null && wanted.has(read.hash)) sight(sightings, read.hash, { bearer: record });
      if (read.hash !== null && read.prev !== null && read.computed === read.hash && wanted.has(read.prev)) sight(sightings, read.prev, { claimant: record });
      record += 1;
    });
  let splitter = open();
  return {
    sightings,
    push: (chunk) => splitter.push(chunk),
    endSegment() {
      splitter.end();
      splitter = open();
    },
  };
}

/** What the checks themselves tell of where hashes are: edges, open links, and what each segment knows of them. */
export function sightingsOf(checks: readonly SegmentCheck[]): Sightings {
  const sightings: Sightings = new Map();
  let base = 0;
  for (const check of checks) {
    const at = (record: number | null) => (record === null ? null : base + record);
    for (const edge of [check.first, check.last]) {
      if (!edge) continue;
      sight(sightings, edge.hash, { bearer: at(edge.record) });
      if (!edge.altered) sight(sightings, edge.prev, { claimant: at(edge.record) });
    }
    for (const link of check.openLinks) noteLink(sightings, link, at);
    base += check.records;
  }
  return sightings;
}

function noteLink(sightings: Sightings, link: OpenLink, at: (record: number | null) => number | null): void {
  sight(sightings, link.hash, { bearer: at(link.duplicateOf ?? link.record) });
  sight(sightings, link.prev, { bearer: at(link.predecessor), claimant: at(link.rival ?? link.record) });
  if (link.before) sight(sightings, link.before.hash, { bearer: at(link.before.record) });
}

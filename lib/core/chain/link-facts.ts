import type { OpenLink, RecordEdge, Tip } from './check';

/** Every chained record of a segment, in two strings a record: what open links are explained with. */
export type LinkIndex = {
  /** Notes a record and returns its position among the chained ones. */
  add(record: number, hash: string, prev: string | null, valid: boolean): number;
  /** What the segment knows of the links that need judging; `at` is the position `add` gave. */
  explain(links: readonly (PendingLink & { at: number })[]): OpenLink[];
};

/** An open link before the rest of the segment has been seen. */
export type PendingLink = RecordEdge & { before: RecordEdge | null; lastValid: Tip | null; atGenesis: boolean; afterDamage: boolean; afterUnchained: boolean };

type Found = { bearer: number | null; firstClaimant: number | null };

export function createLinkIndex(): LinkIndex {
  const records: number[] = [];
  const hashes: string[] = [];
  const prevs: (string | null)[] = [];
  const valid: boolean[] = [];
  return {
    add(record, hash, prev, isValid) {
      const before = hashes.at(-1);
      records.push(record);
      hashes.push(hash);
      prevs.push(before !== undefined && prev === before ? before : prev); // one string in memory, not two alike
      valid.push(isValid);
      return records.length - 1;
    },
    explain(links) {
      const wanted = new Map<string, Found>();
      for (const { hash, prev } of links) {
        for (const key of prev === null ? [hash] : [hash, prev]) wanted.set(key, { bearer: null, firstClaimant: null });
      }
      const find = finder(wanted);
      for (let at = 0; at < records.length && wanted.size > 0; at += 1) {
        const bearer = find(hashes[at] ?? '');
        if (bearer && bearer.bearer === null) bearer.bearer = at;
        const claimed = valid[at] ? find(prevs[at] ?? '') : undefined;
        if (claimed && claimed.firstClaimant === null) claimed.firstClaimant = at;
      }
      const ordinal = (at: number | null | undefined) => (at === null || at === undefined ? null : (records[at] ?? null));
      return links.map(({ at, ...link }) => {
        const [own, named] = [wanted.get(link.hash), link.prev === null ? undefined : wanted.get(link.prev)];
        const twin = own && own.bearer !== null && own.bearer < at ? own.bearer : null;
        const rival = named && named.firstClaimant !== null && named.firstClaimant < at ? named.firstClaimant : null;
        return { ...link, duplicateOf: ordinal(twin), predecessor: ordinal(named?.bearer), rival: ordinal(rival) };
      });
    },
  };
}

/** Looks hashes up. Few are compared one by one: that asks less of a string than a map does. */
function finder(wanted: ReadonlyMap<string, Found>): (hash: string) => Found | undefined {
  if (wanted.size > 8) return (hash) => wanted.get(hash);
  const entries = [...wanted];
  return (hash) => {
    for (const [key, found] of entries) if (key === hash) return found;
    return undefined;
  };
}

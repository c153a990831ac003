import type { Plain } from './dropped/plain';
import type { Recognised } from './dropped/recognise';
import type { Source } from './dropped/source';
import type { Walk } from './walk/walk-log';

/** Something that was dropped or lies in a package, with what is known of it so far. */
export type Item = {
  id: string;
  source: Source;
  plain: Plain | null;
  what: Recognised | { kind: 'unreadable'; message: string };
  /** SHA-256 of the bytes as they lie there, lower-case hex; null until it was made, or when they cannot be read. */
  sha256: string | null;
  /** Of a log, what walking it gave. */
  walk: Walk | null;
  /** Of the walk, by `keyOf`: the ranges whose digests it gave. */
  ranges: ReadonlySet<string>;
  /** Why it could not be walked. */
  failure: string | null;
};

/** Every digest the item's bytes go by: as they lie there, and unpacked. */
export function digestsOf({ sha256, walk }: Item): string[] {
  return [...new Set([...(sha256 ? [sha256] : []), ...(walk ? [walk.sha256] : [])])];
}

export function isLog(item: Item): boolean {
  return item.what.kind === 'log';
}

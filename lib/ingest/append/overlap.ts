import { NEWLINE, endOfLine } from '../../core/bytes/newline';

/** A record of a chain is one of its kind; a log of many equal lines must not cost the square of its length. */
const MOST_TRIED = 64;

/** How the beginning of `arriving` lies in the end of `held`: how many of its bytes are there already. Null when they do not overlap. */
export function overlapBytes(held: Buffer, arriving: Buffer): number | null {
  const firstLine = arriving.subarray(0, endOfLine(arriving));
  if (firstLine.length === 0) return null;
  let tried = 0;
  for (let at = held.indexOf(firstLine); at !== -1 && tried < MOST_TRIED; at = held.indexOf(firstLine, at + 1)) {
    if (at > 0 && held[at - 1] !== NEWLINE) continue;
    tried += 1;
    const rest = held.length - at;
    const common = Math.min(rest, arriving.length);
    if (held.compare(arriving, 0, common, at, at + common) === 0) return common;
  }
  return null;
}

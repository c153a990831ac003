/** How the beginning of `arriving` lies in the end of `held`: how many of its bytes are there already. Null when they do not overlap. */
export function overlapBytes(held: Buffer, arriving: Buffer): number | null {
  const firstLine = arriving.subarray(0, arriving.indexOf(0x0a) + 1);
  if (firstLine.length === 0) return null;
  for (let at = held.indexOf(firstLine); at !== -1; at = held.indexOf(firstLine, at + 1)) {
    if (at > 0 && held[at - 1] !== 0x0a) continue;
    const rest = held.length - at;
    const common = Math.min(rest, arriving.length);
    if (held.compare(arriving, 0, common, at, at + common) === 0) return common;
  }
  return null;
}

/** The order of code points, which is that of UTF-8 bytes and not that of UTF-16 units: U+FFEE before U+1F600. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at > 0 && isHigh(a.charCodeAt(at - 1))) {
    // What differs may be the second half of a pair, in one or in both.
    const difference = (a.codePointAt(at - 1) ?? 0) - (b.codePointAt(at - 1) ?? 0);
    if (difference !== 0) return difference;
  }
  if (at === length) return a.length - b.length;
  return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Of repeated keys the last, by code point. */
export function lastSorted<T extends { key: string }>(members: readonly T[]): T[] {
  return [...new Map(members.map((member) => [member.key, member])).values()].toSorted((a, b) =>
    byCodePoint(a.key, b.key),
  );
}

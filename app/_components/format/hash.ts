/** Middle left out so that both ends can be compared: `9dc02223…0a848a`. Shorter values stay whole. */
export function shortenHash(hash: string, head = 8, tail = 6): string {
  return hash.length <= head + tail + 1 ? hash : `${hash.slice(0, head)}…${hash.slice(-tail)}`;
}

/** Position of the first character in which two strings differ; null when they are equal. */
export function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) if (a[at] !== b[at]) return at;
  return shorter;
}

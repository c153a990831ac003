/** An encoding other than UTF-8 that text begins in; null for UTF-8 and for what is no text. Its first bytes are enough. */
export function foreignEncoding(head: Uint8Array): 'UTF-16' | 'UTF-32' | null {
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return 'UTF-32';
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16';
  // Without a mark: ASCII, as JSON begins with, has a zero byte in every other place.
  const pairs = Math.min(8, head.length >> 1);
  if (pairs < 2) return null;
  const isZero = (odd: 0 | 1) => Array.from({ length: pairs }, (_, at) => head[2 * at + odd] === 0);
  const [even, uneven] = [isZero(0), isZero(1)];
  const is = (zeros: readonly boolean[], others: readonly boolean[]) => zeros.every(Boolean) && !others.some(Boolean);
  return is(even, uneven) || is(uneven, even) ? 'UTF-16' : null;
}

/** The byte-order mark of UTF-8, EF BB BF, at `at`. */
export function hasByteOrderMark(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** The text of a file that is read whole, without a byte-order mark; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

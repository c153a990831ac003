/** An encoding other than UTF-8 that text begins in; null for UTF-8 and for what is no text. Its first bytes are enough. */
export function foreignEncoding(head: Uint8Array): 'UTF-16' | 'UTF-32' | null {
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) return 'UTF-32';
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16';
  // Without a mark: ASCII, as JSON begins with, has a zero byte in every other place.
  const pairs = Math.min(8, head.length >> 1);
  if (pairs < 2) return null;
  const isZero = (odd: 0 | 1) => Array.from({ length: pairs }, (_, at) => head[2 * at + odd] === 0);
  const [even, uneven] = [isZero(0), isZero(1)];
  const is = (zeros: readonly boolean[], others: readonly boolean[]) => zeros.every(Boolean) && !others.some(Boolean);
  return is(even, uneven) || is(uneven, even) ? 'UTF-16' : null;
}

/** What to do with text in another encoding, in a clause. */
export function encodingAdvice(encoding: 'UTF-16' | 'UTF-32'): string {
  return `this is ${encoding} text, ${encoding === 'UTF-16' ? "as Windows PowerShell's > writes it" : 'which no guardrail writes'}; take the original file, or convert it with iconv -f ${encoding} -t UTF-8`;
}

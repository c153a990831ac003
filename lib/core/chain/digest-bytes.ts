/** Bytes of a digest of 256 bits. */
export const DIGEST_BYTES = 32;

const DIGEST = /^[0-9a-f]{64}$/;

/** Whether a text is a digest as it is written: 64 digits, lower case. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Each byte as it is written. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The digest whose bytes begin at `from`, as it is written. */
export function digestAt(bytes: Uint8Array, from: number): string {
  let text = '';
  for (let at = from; at < from + DIGEST_BYTES; at += 1) text += HEX[bytes[at] ?? 0];
  return text;
}

/** Writes what lower-case digits stand for. */
export function putHex(bytes: Uint8Array, at: number, digits: string): void {
  for (let index = 0; index < digits.length; index += 2)
    bytes[at + index / 2] = (nibble(digits.charCodeAt(index)) << 4) | nibble(digits.charCodeAt(index + 1));
}

function nibble(code: number): number {
  return code <= 0x39 ? code - 0x30 : code - 0x57;
}

/** Tells, by its first four bytes as this machine reads them, whether a digest may be among the texts. */
export function marker(texts: Iterable<string>): (word: number) => boolean {
  const bytes = new Uint8Array(4);
  const wanted = new Set<number>();
  for (const text of texts) {
    if (!isDigest(text)) continue;
    putHex(bytes, 0, text.slice(0, 8));
    wanted.add(new Uint32Array(bytes.buffer)[0] ?? 0);
  }
  // Few are compared one by one: that asks less than a set does.
  if (wanted.size > 8) return (word) => wanted.has(word);
  const list = [...wanted];
  return (word) => {
    for (let index = 0; index < list.length; index += 1) if (list[index] === word) return true;
    return false;
  };
}

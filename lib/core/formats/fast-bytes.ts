const encoder = new TextEncoder();

/** A text to compare bytes with. */
export function pattern(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Whether the pattern stands at a place. */
export function standsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Whether an ASCII text stands at a place. */
export function textAt(bytes: Uint8Array, at: number, wanted: string): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted.charCodeAt(index)) return false;
  return true;
}

/** The whole number its digits write, up to 15 of them and without leading zeros; -1 for anything else. */
export function digitsAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 1 || to - from > 15 || (bytes[from] === 0x30 && to - from > 1)) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Where the digits that begin at a place end. */
export function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at += 1;
  return at;
}

/** Where the quote that closes a string without escapes stands, at most 64 bytes on; -1 for none. */
export function closingQuote(bytes: Uint8Array, from: number): number {
  for (let at = from; at <= from + 64; at += 1) if (bytes[at] === 0x22) return at;
  return -1;
}

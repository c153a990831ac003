/** One element of DER: its tag, its whole bytes and those of its content. */
export type Element = { tag: number; bytes: Uint8Array; content: Uint8Array };

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const NULL = 0x05;
export const OBJECT_ID = 0x06;

/** The elements that follow one another in `bytes`, X.690 with lengths as DER writes them. @throws Error for anything else. */
export function elementsOf(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [content, end] = spanAt(bytes, at);
    elements.push({ tag: bytes[at] ?? 0, bytes: bytes.subarray(at, end), content: bytes.subarray(content, end) });
    at = end;
  }
  return elements;
}

/** The only element there is, of that tag. @throws Error. */
export function only(bytes: Uint8Array, tag: number): Element {
  const [element, ...others] = elementsOf(bytes);
  if (!element || others.length > 0 || element.tag !== tag) throw new Error('not the DER expected');
  return element;
}

function spanAt(bytes: Uint8Array, at: number): [content: number, end: number] {
  const first = bytes[at + 1] ?? 0x80;
  const count = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || count > 4) throw new Error('a length in DER is missing or too long');
  let length = count === 0 ? first : 0;
  for (let digit = 0; digit < count; digit += 1) length = length * 256 + (bytes[at + 2 + digit] ?? 0);
  if (count > 0 && (length < 0x80 || bytes[at + 2] === 0)) throw new Error('a length in DER is written too long');
  const content = at + 2 + count;
  if (content + length > bytes.length) throw new Error('the DER is cut off');
  return [content, content + length];
}

/** An object identifier in dotted digits. */
export function dotted(content: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** A number of any length, not negative. @throws Error for one that is. */
export function unsigned(content: Uint8Array): bigint {
  if (content.length === 0 || (content[0] ?? 0) >= 0x80) throw new Error('not a whole number above zero');
  return bigOf(content);
}

/** The number that bytes stand for, the first of them the highest. */
export function bigOf(bytes: Uint8Array): bigint {
  let digits = '';
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0');
  return BigInt(`0x${digits || '0'}`);
}

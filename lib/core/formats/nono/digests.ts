import type { Hasher } from '../../chain/format';

const encoder = new TextEncoder();
const LEAF = encoder.encode('nono.audit.event.alpha\n');
const CHAIN = encoder.encode('nono.audit.chain.alpha\n');
const NOTHING = new Uint8Array(32);
const HEX = /^[0-9a-fA-F]{64}$/;

/** Digest of an event's canonical text. */
export function leafDigest(hasher: Hasher, content: Uint8Array): string {
  return hasher.sha256(LEAF, content);
}

/** Digest that links a leaf to the chain before it; `prev` is null for the first. All in hex; null when `prev` is no digest. */
export function chainDigest(hasher: Hasher, prev: string | null, leaf: string): string | null {
  if (prev !== null && !HEX.test(prev)) return null;
  return hasher.sha256(CHAIN, prev === null ? NOTHING : fromHex(prev), fromHex(leaf));
}

/** The bytes that hexadecimal digits write. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

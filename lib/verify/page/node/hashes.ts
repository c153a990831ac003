import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

const HASHES = { sha224, sha256, sha384, sha512 } as const;
export type HashName = keyof typeof HASHES;

/** @throws Error for a hash not known here. */
export function hashName(name: string): HashName {
  const plain = name.toLowerCase().replace('-', '');
  if (!Object.hasOwn(HASHES, plain)) throw new Error(`no hash ${name}`);
  return plain as HashName; // a key of ours, just looked for
}

export function hashOf(name: HashName): (typeof HASHES)[HashName] {
  return HASHES[name];
}

import { Buffer } from 'buffer';
import { type HashName, hashName, hashOf } from './hashes';
import { type PublicKey, publicKeyOf, rsaKey } from './public-key';

// What `@sigstore` asks of `node:crypto`, for browsers: the build puts this module in its place.

/** From PEM, or from DER as SPKI or PKCS #1. @throws Error for what is no public key. */
export function createPublicKey(key: string | { key: Uint8Array; format: 'der'; type: string }): PublicKey {
  if (typeof key !== 'string') return key.type === 'pkcs1' ? rsaKey(key.key) : publicKeyOf(key.key);
  const [, kind, base64 = ''] =
    /-----BEGIN ((?:RSA )?PUBLIC KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(key) ?? [];
  if (kind === undefined) throw new Error('not a public key in PEM');
  const der = Buffer.from(base64, 'base64');
  return kind === 'PUBLIC KEY' ? publicKeyOf(der) : rsaKey(der);
}

export function createHash(algorithm: string): {
  update(data: Uint8Array | string): unknown;
  digest(encoding?: 'hex' | 'base64'): Buffer | string;
} {
  const hash = hashOf(hashName(algorithm)).create();
  const self = {
    update(data: Uint8Array | string) {
      hash.update(typeof data === 'string' ? Buffer.from(data, 'utf8') : data);
      return self;
    },
    digest(encoding?: 'hex' | 'base64') {
      const digest = Buffer.from(hash.digest());
      return encoding ? digest.toString(encoding) : digest;
    },
  };
  return self;
}

/** @throws Error for a hash that does not go with the key. */
export function verify(
  algorithm: string | null | undefined,
  data: Uint8Array,
  key: PublicKey,
  signature: Uint8Array,
): boolean {
  const hash: HashName | null = algorithm ? hashName(algorithm) : null;
  return key.verify(data, signature, hash);
}

/** All here is public: nothing is given away by how long it takes. @throws RangeError when the lengths differ. */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) throw new RangeError('inputs must have the same length');
  return a.every((byte, at) => byte === b[at]);
}

export default { createPublicKey, createHash, verify, timingSafeEqual };

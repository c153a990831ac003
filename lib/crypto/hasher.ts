import 'server-only';
import { type BinaryToTextEncoding, createHash, hash } from 'node:crypto';
import type { HashAlgorithm, Hasher } from '../core/chain/format';
import { blake3Lanes } from '../core/hash/blake3-lanes';
import { type LaneHasher, createLaneHasher } from '../core/hash/lanes';

/** Inputs up to this are copied together and hashed in one call, four times as fast as feeding a hash object. */
const ONE_SHOT_BYTES = 64 * 1024;

/** A part up to this is copied byte by byte, which a call for it would not be quicker at. */
const FEW_BYTES = 16;

/** Node takes any encoding of a buffer here, though its types name fewer. */
const TWO_BYTES = 'utf16le' as BinaryToTextEncoding;

const hashers = new Map<HashAlgorithm, Promise<Hasher>>();

/** One for the records of a format, the same each time. BLAKE3 is loaded for those alone that are hashed by it, as long as that takes. */
export function hasherFor({ hashAlgorithm }: { hashAlgorithm: HashAlgorithm }): Promise<Hasher> {
  const hasher = hashers.get(hashAlgorithm) ?? createHasher([hashAlgorithm]);
  hashers.set(hashAlgorithm, hasher);
  return hasher;
}

/**
 * SHA-256 by the platform, whose processors have instructions for it, whatever else is asked for; BLAKE3 by WebAssembly. One after another,
 * not for use from several threads.
 */
export async function createHasher(algorithms: readonly HashAlgorithm[] = ['sha256', 'blake3']): Promise<Hasher> {
  const loaded = algorithms.includes('blake3') ? await (await import('hash-wasm')).createBLAKE3() : null;
  const blake3 = () => {
    if (loaded) return loaded;
    throw new Error('this hasher was made without BLAKE3');
  };
  const scratch = new Uint8Array(ONE_SHOT_BYTES);
  /** The beginning of `scratch`, by length: making a view costs a good part of a short hash. */
  const views: Uint8Array[] = [];
  let lanes: LaneHasher | 'missing' | undefined;
  return {
    sha256(...parts) {
      const [only] = parts;
      if (only && parts.length === 1) return hash('sha256', only, 'hex');
      let sizeBytes = 0;
      for (const part of parts) sizeBytes += part.length;
      if (sizeBytes > ONE_SHOT_BYTES)
        return parts.reduce((sha256, part) => sha256.update(part), createHash('sha256')).digest('hex');
      let at = 0;
      for (const part of parts) {
        if (part.length > FEW_BYTES) scratch.set(part, at);
        else for (let index = 0; index < part.length; index += 1) scratch[at + index] = part[index] ?? 0;
        at += part.length;
      }
      return hash('sha256', (views[sizeBytes] ??= scratch.subarray(0, sizeBytes)), 'hex');
    },
    blake3(...parts) {
      const hashing = blake3().init();
      for (const part of parts) hashing.update(part);
      return hashing.digest('hex');
    },
    digests(algorithm, bytes, spans, into) {
      if (
        algorithm === 'blake3' &&
        (lanes ??= createLaneHasher(blake3Lanes) ?? 'missing') !== 'missing' &&
        lanes(bytes, spans, into)
      )
        return;
      for (let index = 0; index < spans.length / 2; index += 1) {
        const part = bytes.subarray(spans[2 * index], spans[2 * index + 1]);
        if (algorithm === 'sha256') putText(into, 32 * index, hash('sha256', part, TWO_BYTES));
        else into.set(blake3().init().update(part).digest('binary'), 32 * index);
      }
    },
  };
}

/** A digest given as a text of two bytes a character, which is made and read quicker than any other form. */
function putText(into: Uint8Array, at: number, digest: string): void {
  for (let index = 0; index < 16; index += 1) {
    const code = digest.charCodeAt(index);
    into[at + 2 * index] = code & 0xff;
    into[at + 2 * index + 1] = code >> 8;
  }
}

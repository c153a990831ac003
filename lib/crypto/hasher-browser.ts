import { createBLAKE3, createSHA256, type IHasher } from 'hash-wasm';
import type { HashAlgorithm, Hasher } from '../core/chain/format';
import { blake3Lanes } from '../core/hash/blake3-lanes';
import { type LaneHasher, createLaneHasher } from '../core/hash/lanes';
import { sha256Lanes } from '../core/hash/sha256-lanes';

/** Hashes by WebAssembly, for where the platform has nothing quicker that answers at once. One after another, not for use from several threads. */
export async function createBrowserHasher(): Promise<Hasher> {
  const single: Record<HashAlgorithm, IHasher> = { sha256: await createSHA256(), blake3: await createBLAKE3() };
  const lanes: Partial<Record<HashAlgorithm, LaneHasher | null>> = {};
  const hex = (algorithm: HashAlgorithm, parts: readonly Uint8Array[]) =>
    parts.reduce((hasher, part) => hasher.update(part), single[algorithm].init()).digest('hex');
  return {
    sha256: (...parts) => hex('sha256', parts),
    blake3: (...parts) => hex('blake3', parts),
    digests(algorithm, bytes, spans, into) {
      const hash = (lanes[algorithm] ??= createLaneHasher(algorithm === 'sha256' ? sha256Lanes : blake3Lanes));
      if (hash?.(bytes, spans, into)) return;
      for (let index = 0; index < spans.length / 2; index += 1)
        into.set(
          single[algorithm]
            .init()
            .update(bytes.subarray(spans[2 * index], spans[2 * index + 1]))
            .digest('binary'),
          32 * index,
        );
    },
  };
}

import type { ChainFormat, Hasher } from '../core/chain/format';
import { createLineSplitter } from '../core/bytes/lines';
import type { ReferenceFinding, ReferenceWalk } from '../core/chain/reference-verifier';

/** What the format's own verifier says of these bytes; @throws RangeError when it has none. */
export function referenceFindingOf(
  format: ChainFormat,
  hasher: Hasher,
  bytes: Uint8Array,
  chunkBytes = 64 * 1024,
): ReferenceFinding {
  if (!format.referenceVerifier) throw new RangeError(`${format.id} has no verifier of its own`);
  return walked(format.referenceVerifier(hasher), bytes, chunkBytes);
}

/** What a verifier says that is led down these bytes. */
export function walked(walk: ReferenceWalk, bytes: Uint8Array, chunkBytes = 64 * 1024): ReferenceFinding {
  const splitter = createLineSplitter((line) => walk.line(line));
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes));
  splitter.end();
  return walk.end();
}

import type { SidecarCheck, Sidecar, SignatureKey } from '../core/sidecars/sidecar';
import { createSidecarWalk } from '../core/sidecars/walk';
import type { FormatId, Hasher } from '../core/chain/format';
import { formatById } from '../core/formats';
import { readSignatureKey } from '../crypto/signature-keys';

/** The sidecar files of a log compared with it. Throws a RangeError when it does not concern the format. */
export function verifySidecars(
  format: FormatId,
  hasher: Hasher,
  files: readonly Uint8Array[],
  { sidecars = [], keys = [] }: { sidecars?: readonly Sidecar[]; keys?: readonly SignatureKey[] },
): SidecarCheck {
  const walk = createSidecarWalk(formatById(format), { hasher, readKey: readSignatureKey }, { sidecars, keys });
  if (!walk) throw new RangeError('nothing of the evidence concerns this format');
  for (const bytes of files) {
    for (let at = 0; at < bytes.length; at += 1000) walk.push(bytes.subarray(at, at + 1000));
    walk.endFile();
  }
  return walk.end();
}

/** A public key of a fixture or made for a test. Throws a RangeError for none. */
export function keyOf(pem: string, name = 'key.pem'): SignatureKey {
  const key = readSignatureKey(pem, name);
  if (!key) throw new RangeError('no public key');
  return key;
}

import type { Hasher } from './chain/format';
import { canonicalJson } from './statements/dsse';

const encoder = new TextEncoder();

/** SHA-256 of what a destination of notifications is set to, by which actions say so: its address may be a person's. */
export function destinationDigest(
  hasher: Hasher,
  {
    name,
    kind,
    address,
    filter,
    isEnabled,
  }: { name: string; kind: string; address: string; filter: object; isEnabled: boolean },
): string {
  return hasher.sha256(encoder.encode(canonicalJson({ name, kind, address, filter, isEnabled })));
}

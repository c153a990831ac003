import type { Hasher } from './chain/format';
import { canonicalJson } from './statements/dsse';

const encoder = new TextEncoder();

/** SHA-256, lower-case hex, of what something is set to, over its canonical JSON (RFC 8785): actions say it by that where it may be what a person wrote. */
export function stateDigest(hasher: Hasher, state: object): string {
  return hasher.sha256(encoder.encode(canonicalJson(state)));
}

/** The same of a text, over its UTF-8. */
export function textDigest(hasher: Hasher, text: string): string {
  return hasher.sha256(encoder.encode(text));
}

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
  return stateDigest(hasher, { name, kind, address, filter, isEnabled });
}

import { Anchor } from '../formats/agentfence/anchor';
import { type SidecarKind, parseJson } from './artefact';
import { isOccasioAttestation } from '../formats/occasio/attestation';

/** Bytes of the longest file taken for one that lies beside a log. */
export const MAX_SIDECAR_BYTES = 16 * 1024 * 1024;

const BY_NAME: ReadonlyMap<string, SidecarKind> = new Map([
  ['session.json', 'nono-session'],
  ['ledger.ndjson', 'nono-ledger'],
  ['audit-attestation.bundle', 'nono-attestation'],
  ['proofs.json', 'nono-proofs'],
]);

/** Whether a file may say something of a log, by its name alone: `session.json`, `ledger.ndjson`, `x.anchor.json`, `attestation.sigstore.json` and their like. */
export function isSidecarName(name: string): boolean {
  return BY_NAME.has(name) || /anchor[^/]*\.json$/i.test(name) || isAttestationName(name);
}

/** As Occasio calls what it writes of a run; other tools call theirs so too. */
export function isAttestationName(name: string): boolean {
  return /\.(sigstore|occasio)\.json$/i.test(name);
}

/** What a file beside a log is, by its name, and for an anchor or attestation by its content; null when it is nothing of the kind. */
export function recogniseSidecar(name: string, text: string): SidecarKind | null {
  const known = BY_NAME.get(name);
  if (known || !isSidecarName(name)) return known ?? null;
  const json = parseJson(text);
  if (isAttestationName(name)) return isOccasioAttestation(json) ? 'occasio-attestation' : null;
  return Anchor.safeParse(json).success ? 'agentfence-anchor' : null;
}

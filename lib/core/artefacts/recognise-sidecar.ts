import { Anchor } from '../formats/agentfence-anchor';
import { type SidecarKind, parseJson } from './artefact';

/** Bytes of the longest file taken for one that lies beside a log. */
export const MAX_SIDECAR_BYTES = 16 * 1024 * 1024;

const BY_NAME: ReadonlyMap<string, SidecarKind> = new Map([
  ['session.json', 'nono-session'],
  ['ledger.ndjson', 'nono-ledger'],
  ['audit-attestation.bundle', 'nono-attestation'],
  ['proofs.json', 'nono-proofs'],
]);

/** Whether a file may say something of a log, by its name alone: `session.json`, `ledger.ndjson`, `x.anchor.json` and their like. */
export function isSidecarName(name: string): boolean {
  return BY_NAME.has(name) || /anchor[^/]*\.json$/i.test(name);
}

/** What a file beside a log is, by its name, and for an anchor by its content; null when it is nothing of the kind. */
export function recogniseSidecar(name: string, text: string): SidecarKind | null {
  return BY_NAME.get(name) ?? (isSidecarName(name) && Anchor.safeParse(parseJson(text)).success ? 'agentfence-anchor' : null);
}

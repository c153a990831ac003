import { parseFirstLine, parseJson } from '../bytes/json-text';
import { SIDECARS, type SidecarKind, hasName, sidecarNamed } from './kinds';

/** Whether a file may say something of a log, by its name alone: `session.json`, `ledger.ndjson`, `x.anchor.json`, `attestation.sigstore.json` and their like. */
export function isSidecarName(name: string): boolean {
  return SIDECARS.some((kind) => hasName(kind, name));
}

/** What a sidecar file is, by its name, and where other files may have it by its content; null when it is nothing of the kind. */
export function recogniseSidecar(name: string, text: string): SidecarKind | null {
  const known = sidecarNamed(name);
  if (known || !isSidecarName(name)) return known?.kind ?? null;
  const json = parseJson(text);
  return SIDECARS.find((kind) => hasName(kind, name) && kind.isOne(json))?.kind ?? null;
}

/** What a sidecar file is, recognised by its content; by its name when it is damaged. Null for what says nothing of a log. */
export function sidecarKind(name: string, text: string): SidecarKind | null {
  const whole = parseJson(text);
  const first = parseFirstLine(text);
  return SIDECARS.find(({ isLines, isOne }) => isOne(isLines ? first : whole))?.kind ?? recogniseSidecar(name, text);
}

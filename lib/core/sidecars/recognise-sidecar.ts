import { parseJson } from './artefact';
import { SIDECARS, type SidecarKind, hasName, sidecarNamed } from './kinds';

/** Bytes of the longest file taken for one that lies beside a log. */
export const MAX_SIDECAR_BYTES = 16 * 1024 * 1024;

/** Whether a file may say something of a log, by its name alone: `session.json`, `ledger.ndjson`, `x.anchor.json`, `attestation.sigstore.json` and their like. */
export function isSidecarName(name: string): boolean {
  return SIDECARS.some((kind) => hasName(kind, name));
}

/** What a file beside a log is, by its name, and where other files may have it by its content; null when it is nothing of the kind. */
export function recogniseSidecar(name: string, text: string): SidecarKind | null {
  const known = sidecarNamed(name);
  if (known || !isSidecarName(name)) return known?.kind ?? null;
  const json = parseJson(text);
  return SIDECARS.find((kind) => hasName(kind, name) && kind.isOne(json))?.kind ?? null;
}

/** What a file beside a log is, told by its content; by its name when it is damaged. Null for what says nothing of a log. */
export function sidecarKind(name: string, text: string): SidecarKind | null {
  const whole = parseJson(text);
  const firstLine = text.slice(0, 64 * 1024).split('\n').find((line) => line.trim() !== '');
  const first = parseJson(firstLine ?? '');
  return SIDECARS.find(({ isLines, isOne }) => isOne(isLines ? first : whole))?.kind ?? recogniseSidecar(name, text);
}

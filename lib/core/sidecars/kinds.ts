import { FORMATS, type KnownFormat, type SidecarKind } from '../formats';
import type { DeclaredSidecar } from './declared';

export type { SidecarKind } from '../formats';
type KnownSidecar = DeclaredSidecar<SidecarKind> & { readonly format: KnownFormat };

/** Every kind of file that lies beside a log of a format known here. */
export const SIDECARS: readonly KnownSidecar[] = FORMATS.flatMap((format) =>
  (format.sidecars?.kinds ?? []).map((declared) => ({ ...declared, format })),
);
export const SIDECAR_KINDS: readonly SidecarKind[] = SIDECARS.map(({ kind }) => kind);

/** Null for no known kind, as `signatures` is none. */
export function sidecarOf(kind: string): KnownSidecar | null {
  return SIDECARS.find((known) => known.kind === kind) ?? null;
}

export function hasName({ names }: DeclaredSidecar, name: string): boolean {
  return names instanceof RegExp ? names.test(name) : names.includes(name);
}

/** The kind a file is of by its name alone, whatever is in it; null where the name does not tell. */
export function sidecarNamed(name: string): KnownSidecar | null {
  return SIDECARS.find(({ names }) => !(names instanceof RegExp) && names.includes(name)) ?? null;
}

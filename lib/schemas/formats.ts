import type { FormatId, KnownFormat, SidecarKind } from '../core/chain/format';
import { FORMATS } from '../core/formats';
import { SIDECARS } from '../core/sidecars/kinds';

/** Names of the tools as people know them. */
export const FORMAT_LABEL = ofEach(({ label }) => label);
/** What the verifier is called that is followed over a log; null where there is none. */
export const VERIFIER_NAME = ofEach(({ label, referenceVerifier, referenceVerifierName }) =>
  referenceVerifier ? (referenceVerifierName ?? `${label}’s own verifier`) : null,
);
/** What the tool of a format writes beside its log, as the end of a sentence; null where it writes nothing there. */
export const SIDECAR_FILES = ofEach(({ sidecars }) => sidecars?.files ?? null);
/** Of the button by which such files are added. */
export const SIDECAR_ACTION = ofEach(({ sidecars }) => sidecars?.action ?? 'Add a file …');
/** How what there is besides one growing file is sent as a whole; null where there is nothing. */
export const WHOLE_ARCHIVE = ofEach(({ sidecars }) => sidecars?.whole ?? null);
/** The tools that can sign, what, and with what. */
export const SIGNING_TOOLS = FORMATS.flatMap(({ label, sidecars }) =>
  sidecars?.signs ? [{ label, each: sidecars.signs.each, algorithm: sidecars.signs.algorithm }] : [],
);
export type SigningTool = (typeof SIGNING_TOOLS)[number];
/** What a sidecar file is, in words. */
export const SIDECAR_LABEL = Object.fromEntries(SIDECARS.map(({ kind, label }) => [kind, label])) as Record<
  SidecarKind,
  string
>; // one for each of the kinds

function ofEach<T>(of: (format: KnownFormat) => T): Readonly<Record<FormatId, T>> {
  return Object.fromEntries(FORMATS.map((format) => [format.id, of(format)])) as Record<FormatId, T>; // one for each of the ids
}

import { KNOWN_FORMATS, KNOWN_SIDECARS } from '#known';
import type { FormatId, SidecarKind } from '../core/chain/format';

type Known = (typeof KNOWN_FORMATS)[number];

/** Names of the tools as people know them. */
export const FORMAT_LABEL = ofEach(({ label }) => label);
/** What the verifier is called that is followed over a log; null where there is none. */
export const VERIFIER_NAME = ofEach(({ verifierName }) => verifierName);
/** What the tool of a format writes beside its log, as the end of a sentence; null where it writes nothing there. */
export const SIDECAR_FILES = ofEach(({ sidecarFiles }) => sidecarFiles);
/** Of the button by which such files are added. */
export const SIDECAR_ACTION = ofEach(({ sidecarAction }) => sidecarAction);
/** How what there is besides one growing file is sent as a whole; null where there is nothing. */
export const WHOLE_ARCHIVE = ofEach(({ wholeArchive }) => wholeArchive);
/** The tools that can sign, what, and with what. */
export const SIGNING_TOOLS = KNOWN_FORMATS.flatMap(({ label, signs }) => (signs ? [{ label, ...signs }] : []));
export type SigningTool = (typeof SIGNING_TOOLS)[number];
/** What a sidecar file is, in words. */
export const SIDECAR_LABEL = Object.fromEntries(KNOWN_SIDECARS.map(({ kind, label }) => [kind, label])) as Record<
  SidecarKind,
  string
>; // one for each of the kinds

function ofEach<T>(of: (format: Known) => T): Readonly<Record<FormatId, T>> {
  return Object.fromEntries(KNOWN_FORMATS.map((format) => [format.id, of(format)])) as Record<FormatId, T>; // one for each of the ids
}
